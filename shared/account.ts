// Who may come in: users, their sessions, and API tokens. Only hashes of secrets are stored.

/** Times are milliseconds since 1970. */
export interface User {
  id: string;
  workspaceId: string;
  email: string;
  /** argon2id, PHC text. */
  passwordHash: string;
  role: "owner";
  createdAt: number;
}

export interface Session {
  /** SHA-256 of the cookie's secret, hex. */
  hash: string;
  userId: string;
  createdAt: number;
  lastSeenAt: number;
  expiresAt: number;
}

export interface Token {
  id: string;
  workspaceId: string;
  name: string;
  /** SHA-256 of the whole token, hex. */
  hash: string;
  /** Its last four characters, to tell it by. */
  tail: string;
  createdAt: number;
  lastUsedAt: number | null;
}
