import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { printable } from '@tracecal/gateway-client';
import type { Session } from '@tracecal/gateway-client/application';
import type { NetworkStatus } from '@tracecal/network/control';
import { memberStatus, whyTaken } from '@tracecal/network/engine';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host, Invocation } from '../command.js';
import type { Examined, Finding, FindingLevel } from '../doctor/check.js';
import { CHECKS } from '../doctor/checks/index.js';
import { diagnose } from '../doctor/diagnose.js';
import type { Diagnosis } from '../doctor/diagnose.js';
import { EXIT } from '../exit.js';
import { spellHints } from '../hint.js';
import { findRunning } from '../network/runningNetwork.js';
import { openByProfile, openSession, profileContent } from '../session.js';
import type { DataDirectory } from '../data/dataDirectory.js';
import type { OtherClock } from '../view/clockWords.js';
import { clocksOf } from '../view/memberStatusText.js';
import type { Style } from '../style.js';
import { widthOf } from '../text/width.js';
import { hanging } from '../text/wrap.js';

export function doctor(host: Host): Command {
  return commandOf(
    {
      usage: 'doctor',
      description:
        'Look whether everything here is as it should be, and say what to do where it is not; with --profile, the network that the profile leads to. Exit code 3 if something fails.',
      example: 'doctor --data .tracecal',
      reads: true,
      async run(invocation) {
        const { terminal } = invocation;
        const { examined, close } = examine(invocation);
        try {
          terminal.progress('Looking');
          // Both waits begin at once: what hangs takes the time of one.
          await Promise.allSettled([examined.running(), examined.answered()]);
          const checks = await diagnose(CHECKS, examined);
          const ok = checks.every(({ level }) => level !== 'fail');
          terminal.result({ ok, checks }, (style) => describe(checks, style));
          return ok ? EXIT.yes : EXIT.trouble;
        } finally {
          await close();
        }
      },
    },
    host,
  );
}

function examine({ data, as, profile, timeoutMs }: Invocation): {
  readonly examined: Examined;
  readonly close: () => Promise<void>;
} {
  let content: Promise<string | object> | undefined;
  let session: Promise<Session> | undefined;
  let answer: Promise<number> | undefined;
  let status: Promise<NetworkStatus | undefined> | undefined;
  const options = { as, patience: { timeoutMs } };
  const given = profile === undefined ? undefined : () => (content ??= profileContent(profile));
  const open = async () =>
    profile === undefined || given === undefined
      ? openSession(data, options)
      : openByProfile(data, { profile, content: await given() }, options);
  const opened = () => (session ??= open());
  const ping = async () => {
    const began = performance.now();
    await (await (await opened()).reader()).ping();
    return performance.now() - began;
  };
  const examined: Examined = {
    data,
    now: new Date(),
    nodeVersion: process.versions.node,
    freeBytes: async (folder) => {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
    isTaken: async (port) => (await whyTaken(port)) !== undefined,
    profile: given,
    session: opened,
    running: () => (status ??= findRunning(data, timeoutMs)),
    clocks: () => (profile === undefined ? clocksIn(data) : Promise.resolve([])),
    answered: () => (answer ??= ping()),
  };
  return { examined, close: async () => (await session?.catch(() => undefined))?.close() };
}

/** Of members who run their own nodes; those that do not answer tell nothing. */
async function clocksIn({ root, memberFile }: DataDirectory): Promise<readonly OtherClock[]> {
  if (!existsSync(memberFile)) return [];
  try {
    return clocksOf((await memberStatus(root)).others);
  } catch {
    // A founding that is not finished.
    return [];
  }
}

function describe(checks: readonly Diagnosis[], style: Style): string {
  const width = Math.max(...checks.map(({ check }) => check.length));
  return checks
    .flatMap(({ check, findings }) => findings.flatMap((finding) => linesOf(check.padEnd(width), finding, style)))
    .join('\n');
}

function linesOf(check: string, { level, message, next }: Finding, style: Style): readonly string[] {
  const head = `${mark(level, style)}  ${check}  `;
  const said = (text: string) => style.text(spellHints(printable(text), style.hint));
  // A command stays on its line, as it is to be copied.
  const command = next === undefined ? [] : [`next: ${said(`\`${next}\``).slice(1, -1)}`];
  return [
    ...hanging(head, said(message), style.columns),
    ...command.map((line) => `${' '.repeat(widthOf(head))}${line}`),
  ];
}

function mark(level: FindingLevel, style: Style): string {
  const paint = { ok: style.green, warn: style.yellow, fail: style.red }[level];
  return paint(level.padEnd(4));
}
