// Sends e-mail over SMTP, through the same guard as HTTP.

export interface SmtpServer {
  host: string;
  port: number;
  /** "tls" from the first byte (465), "starttls" required (587), "none" (only where the network is trusted). */
  security: "tls" | "starttls" | "none";
  user?: string;
  password?: string;
}

export interface Mail {
  from: string;
  to: string[];
  cc?: string[];
  bcc?: string[];
  replyTo?: string;
  subject: string;
  text?: string;
  html?: string;
  attachments?: { filename: string; content: Uint8Array; contentType?: string }[];
  /** Stable over retries of one step: becomes the Message-ID, by which most mail systems drop a repeated message. */
  messageKey: string;
}

export interface MailReceipt {
  messageId: string;
  accepted: string[];
  rejected: string[];
  /** The server's last line. */
  response: string;
}

export interface Mailer {
  /** Throws `TryLater` on network errors and 4xx replies, `Refused` on 5xx replies, bad addresses, a refused sign-in or an address that the guard denies. */
  send(server: SmtpServer, mail: Mail, options?: { signal?: AbortSignal }): Promise<MailReceipt>;
  /** Connects and signs in, sends nothing. Throws as `send`. */
  verify(server: SmtpServer, options?: { signal?: AbortSignal }): Promise<void>;
}
