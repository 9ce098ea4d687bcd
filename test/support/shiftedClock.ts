import { readFileSync } from 'node:fs';

/**
 * Loaded into a process before all else (`NODE_OPTIONS=--require`), shifts its clock by the milliseconds that a file says, which may change
 * while it runs. Timers are not concerned, as on a machine whose clock is put.
 */
const FILE = process.env['TRACECAL_TEST_CLOCK'] ?? '';
const LOOK_EVERY_MS = 50;
const RealDate = Date;
let shift = 0;

function look(): void {
  shift = Number(readFileSync(FILE, 'utf8'));
}

class ShiftedDate extends RealDate {
  constructor(...given: readonly unknown[]) {
    // Without arguments it is now; all other ways to make a date stay as they are.
    super(...((given.length === 0 ? [ShiftedDate.now()] : given) as [number]));
  }

  static override now(): number {
    return RealDate.now() + shift;
  }
}

look();
setInterval(look, LOOK_EVERY_MS).unref();
globalThis.Date = ShiftedDate as DateConstructor;
