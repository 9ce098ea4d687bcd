import type { Committed } from '@tracecal/gateway-client';
import type { EngineName } from '@tracecal/network/engine';
import { narrower } from '../style.js';
import type { Style } from '../style.js';
import type { Terminal } from '../terminal.js';
import { padded, widthOf } from '../text/width.js';
import { hanging, wrap } from '../text/wrap.js';
import { committedLines } from '../view/committed.js';
import type { Story } from './story.js';

const ABOUT: Readonly<Record<EngineName, string>> = {
  embedded: 'Embedded: one process, no consensus. Real Fabric runs the same contract and client.',
  native: 'Real Hyperledger Fabric: SmartBFT orderers of different members, a peer an organisation.',
  docker: 'Real Hyperledger Fabric in containers: SmartBFT orderers of different members, a peer an organisation.',
};

/** Columns before the text of a chapter. */
const INDENT = ' '.repeat(3);

/** Tells a story in numbered chapters. */
export class Chapters {
  protected readonly terminal: Terminal;
  #chapter = 0;

  constructor(terminal: Terminal) {
    this.terminal = terminal;
  }

  /** The current step. */
  step(what: string): void {
    this.terminal.progress(what);
  }

  network({ engine, organisations, readyMs, data, temporary }: Story['network']): void {
    this.open('A consortium on this machine');
    this.lines(
      `${organisations.length} organisations, each with its own peer and keys, ready in ${(readyMs / 1000).toFixed(1)} s.`,
      this.terminal.style.dim(ABOUT[engine]),
      this.terminal.style.dim(`Data and keys: ${data}${temporary ? ' (removed at the end; --data keeps them)' : ''}`),
    );
  }

  protected headline(text: string): void {
    const { bold, columns } = this.terminal.style;
    this.terminal.say(wrap(bold(text), columns).join('\n'));
  }

  /** Chapters stand to the right of their number. */
  protected get style(): Style {
    return narrower(this.terminal.style, INDENT.length);
  }

  protected receipt(committed: Committed<unknown>): readonly string[] {
    return committedLines(committed, narrower(this.style, 2)).map((line) => `  ${line}`);
  }

  protected open(title: string): void {
    this.#chapter += 1;
    const { bold, cyan, columns } = this.terminal.style;
    const head = padded(cyan(String(this.#chapter)), INDENT.length);
    this.terminal.say();
    this.terminal.say(hanging(head, bold(title), columns).join('\n'));
  }

  protected lines(...texts: readonly string[]): void {
    const { columns, text } = this.terminal.style;
    for (const line of texts.flatMap((each) => text(each).split('\n'))) {
      const isWide = widthOf(line) > columns - INDENT.length;
      const [indent = ''] = /^ */.exec(line) ?? [];
      this.terminal.say(
        isWide
          ? hanging(`${INDENT}${indent}`, line.slice(indent.length), columns).join('\n')
          : `${INDENT}${line}`.trimEnd(),
      );
    }
  }
}
