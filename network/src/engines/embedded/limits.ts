/** Requests that a peer's services handle at once, as in core.yaml of `test-network-config`. */
export const CONCURRENCY = { gatewayService: 500, endorserService: 2500, deliverService: 2500 } as const;

/** How long a gateway waits for another peer's evaluation, as in core.yaml. */
export const ENDORSEMENT_TIMEOUT_MS = 3000;
