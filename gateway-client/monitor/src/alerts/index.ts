export { AlertOutbox, type OutboxState, type WaitingAlert } from './outbox.js';
export { AlertSecret, readAlertSecret } from './secret.js';
export { AlertSender, waitAfter, type AlertOutcome, type AlertSenderOptions } from './sender.js';
export { ALERT_HEADERS, verifyAlert, type AlertVerification, type ReceivedAlert } from './signature.js';
export { alertTarget, type AlertTarget } from './target.js';
export { MonitorMetrics, MOST_COHORTS, type MeasuredInstrument } from './metrics.js';
