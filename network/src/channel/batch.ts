import type { Channel } from '../topology/index.js';
import { goDuration } from './ordererGroup.js';

type Batch = Pick<Channel['batch'], 'maxMessages' | 'timeoutMs'>;

/** Why a network does not start with a description that says another batch than the channel has; undefined if it says the same. */
export function otherBatch({ name, batch }: Channel, present: Batch): string | undefined {
  const [has, says] = [present, batch].map(batchText);
  if (has === says) return undefined;
  return `The batch of channel ${name} is ${has}, and the description says ${says}: describe what it is, then propose the change with \`tracecal proposal create\`.`;
}

function batchText({ maxMessages, timeoutMs }: Batch): string {
  return `${maxMessages} messages or ${goDuration(timeoutMs)}`;
}
