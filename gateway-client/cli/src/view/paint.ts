import type { VerdictStatus } from '@tracecal/core/trace';
import type { Paint, Style } from '../style.js';

export function paintOf(status: VerdictStatus, style: Style): Paint {
  switch (status) {
    case 'TRACEABLE':
      return style.green;
    case 'FAILED':
      return style.red;
    case 'ATTESTED':
    case 'INCOMPLETE':
      return style.yellow;
  }
}
