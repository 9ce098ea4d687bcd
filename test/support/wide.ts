import { PLAIN, type Style } from '@tracecal/cli';

/** A terminal on which every line has room. */
export const WIDE: Style = { ...PLAIN, columns: 250 };
