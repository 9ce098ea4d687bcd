import { NO_FLOOR } from './asked.js';
import type { Asked, MethodClass } from './asked.js';
import { reason } from './reasons.js';

/** A realisation without a standard: zero of a ratio kind, or a method that an accreditation line names (circle closure). */
export function natural({ result }: Asked): MethodClass {
  return {
    reasons: [],
    assess(row) {
      if (result.scale === 'ratio' && row.y === 0) {
        return { ...NO_FLOOR, position: 'zero', reasons: [reason('natural-zero')] };
      }
      const code = row.methodInScope ? 'natural-in-scope' : 'natural-out-of-scope';
      return { ...NO_FLOOR, position: 'inside', reasons: [reason(code)] };
    },
  };
}
