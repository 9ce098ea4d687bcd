const NEWLINE = 0x0a;

/**
 * The lines of a stream, without their ends and without empty ones. Of a line that is longer than this, only the beginning is kept: no
 * stream can fill the memory.
 */
export async function* linesOfStream(
  stream: AsyncIterable<string | Buffer>,
  maxBytes: number,
): AsyncGenerator<string, void, undefined> {
  let parts: Buffer[] = [];
  let size = 0;
  const keep = (part: Buffer) => {
    if (part.length > 0 && size <= maxBytes) {
      parts.push(part.subarray(0, maxBytes + 1 - size));
    }
    size += part.length;
  };
  const take = (): string => {
    const line = Buffer.concat(parts).toString('utf8').replace(/\r$/, '');
    [parts, size] = [[], 0];
    return line;
  };
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    let from = 0;
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, from)) {
      keep(bytes.subarray(from, at));
      from = at + 1;
      const line = take();
      if (line.trim() !== '') {
        yield line;
      }
    }
    keep(bytes.subarray(from));
  }
  const last = take();
  if (last.trim() !== '') {
    yield last;
  }
}
