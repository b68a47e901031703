// "Something moved": ids only, for live screens and for those who wait for a run. Losing a message costs nothing but a moment.

export type Movement =
  | { kind: "run"; workspaceId: string; flowId: string; runId: string }
  | { kind: "flow"; workspaceId: string; flowId: string }
  | { kind: "sample"; workspaceId: string; flowId: string; sampleId: string }
  /** A request that became no run. */
  | { kind: "delivery"; workspaceId: string; flowId: string; deliveryId: string };

export interface Bus {
  publish(movement: Movement): void;
  /** Gives the function that ends it. A listener that throws disturbs nobody else. */
  subscribe(listener: (movement: Movement) => void): () => void;
  close(): Promise<void>;
}
