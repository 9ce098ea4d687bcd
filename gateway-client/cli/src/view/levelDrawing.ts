import type { Channel, Consortium, Level } from '@tracecal/network/topology';
import type { Style } from '../style.js';
import { hanging } from '../text/wrap.js';

const LEVELS: readonly (Level | undefined)[] = ['calibration', 'measurement', 'monitoring', undefined];
const DOWN = '  │  information flows down, never up\n  ▼';

/** The channels as boxes, level below level, with who reads and writes each and what runs there. */
export function levelDrawing({ channels, chaincodes }: Consortium, style: Style): string {
  const drawn = LEVELS.map((level) => {
    const here = channels.filter((channel) => channel.level === level);
    const boxes = here.map((channel) => {
      const running = chaincodes.filter((chaincode) => chaincode.channels.includes(channel.name));
      return boxOf(
        channel,
        running.map(({ name }) => name),
        style.columns,
      );
    });
    const title = style.dim(level === undefined ? 'no level' : `level ${level}`);
    return here.length === 0 ? [] : [`${title}\n${beside(boxes, style.columns)}`];
  });
  const others = drawn.at(-1) ?? [];
  const levels = drawn
    .slice(0, -1)
    .flat()
    .join(`\n${style.dim(DOWN)}\n`);
  return [...(levels === '' ? [] : [levels]), ...others].join('\n\n');
}

function boxOf({ name, writers, readers }: Channel, chaincodes: readonly string[], most: number): readonly string[] {
  const lines = [
    ...(chaincodes.length === 0 ? [] : listed('runs    ', chaincodes, most)),
    ...listed('writes  ', writers, most),
    ...(readers.length === 0 ? [] : listed('reads   ', readers, most)),
  ];
  const width = Math.max(name.length + 2, ...lines.map((line) => line.length));
  return [
    `┌─ ${name} ${'─'.repeat(width - name.length - 1)}┐`,
    ...lines.map((line) => `│ ${line.padEnd(width)} │`),
    `└${'─'.repeat(width + 2)}┘`,
  ];
}

function listed(what: string, names: readonly string[], most: number): readonly string[] {
  return hanging(what, names.join(', '), most - FRAME);
}

/** Columns that the frame of a box takes. */
const FRAME = 4;

/** Boxes next to each other, the lower ones filled up with blanks; below each other where there is no room. */
function beside(boxes: readonly (readonly string[])[], most: number): string {
  const height = Math.max(...boxes.map((box) => box.length));
  const lines = Array.from({ length: height }, (_, row) =>
    boxes
      .map((box) => box[row] ?? ' '.repeat(box[0]?.length ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return (lines.some((line) => line.length > most) ? boxes.flat() : lines).join('\n');
}
