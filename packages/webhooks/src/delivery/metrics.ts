/** What deliveries tell whoever counts them. Nothing here names a client or a consumer. */
export interface WebhookMetrics {
  /** One attempt. `outcome`: what became of the delivery. */
  deliveryAttempted(attempt: {
    outcome: 'Succeeded' | 'Failed' | 'Pending';
    statusCode: number | undefined;
    durationMs: number;
    /** From the event to its first attempt; undefined of later ones. */
    waitedMs: number | undefined;
  }): void;
  /** A consumer was disabled because nothing reached it. */
  consumerDisabled(): void;
}

/** Counts nothing. */
export const noWebhookMetrics: WebhookMetrics = {
  deliveryAttempted: () => undefined,
  consumerDisabled: () => undefined,
};
