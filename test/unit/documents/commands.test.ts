import assert from 'node:assert/strict';
import { tracecal } from '../../support/commandLine.js';
import { codeOf, PAGES } from '../../support/pages.js';

const helps = new Map<string, Promise<string>>();

function helpOf(words: readonly string[]): Promise<string> {
  const command = words.join(' ');
  const help = helps.get(command) ?? tracecal([...words, '--help']).then(({ stdout }) => stdout);
  helps.set(command, help);
  return help;
}

/** What is wrong with a command as a page writes it: no such command, or no such option. */
async function faultsOf(code: string): Promise<readonly string[]> {
  const [, rest = ''] = /\btracecal ([^#|&>]+)/.exec(code) ?? [];
  const words = /^([a-z][a-z-]*)(?: ([a-z][a-z-]*))?(?= |$)/.exec(rest.trim())?.slice(1).filter(Boolean) ?? [];
  if (words.length === 0) {
    return [];
  }
  for (const length of [2, 1].filter((each) => each <= words.length)) {
    const command = words.slice(0, length);
    const help = await helpOf(command);
    if (help.startsWith(`Usage: tracecal ${command.join(' ')} `)) {
      if (length < words.length && help.includes('[command]')) {
        break;
      }
      return [...rest.matchAll(/(?<= )--[a-z-]+/g)]
        .map(([option]) => option)
        .filter((option) => !new RegExp(`${option}\\b`).test(help))
        .map((option) => `tracecal ${command.join(' ')} has no ${option}`);
    }
  }
  return [`no command tracecal ${words.join(' ')}`];
}

describe('Commands that pages name', () => {
  for (const page of PAGES) {
    it(`exist, with their options: ${page}`, async () => {
      const faults = await Promise.all(codeOf(page).map(faultsOf));
      assert.deepEqual(faults.flat(), []);
    });
  }

  it('would be missed if they did not exist', async () => {
    assert.deepEqual(await faultsOf('tracecal scopes burn nmi-north'), ['no command tracecal scopes burn']);
    assert.deepEqual(await faultsOf('npx tracecal trace X --gently 1'), ['tracecal trace has no --gently']);
  });
});
