import { existsSync, statSync } from 'node:fs';
import type { DataDirectory } from '../../data/dataDirectory.js';
import { copyWarning } from '../../network/copyWarning.js';
import { word } from '../../text/quoted.js';
import type { Check, Finding } from '../check.js';

const OTHERS_READ = 0o044;
const OTHERS_ENTER = 0o011;

/** The data directory exists, holds the description of a network, is no copy of another, and only its user can access it. */
export const dataDirectory: Check = {
  name: 'data directory',
  run({ data, profile }) {
    if (!existsSync(data.root)) {
      if (profile !== undefined) {
        return [{ level: 'ok', message: `${data.root} does not exist: with a connection profile, only keys need it` }];
      }
      return [
        {
          level: 'warn',
          message: `${data.root} does not exist: start a network, or name your data directory with --data`,
          next: 'tracecal up --detach',
        },
      ];
    }
    if (!statSync(data.root).isDirectory()) {
      return [{ level: 'fail', message: `${data.root} is a file: name another with --data` }];
    }
    if (profile === undefined && !existsSync(data.consortiumFile)) {
      return data.isOfMember
        ? [{ level: 'warn', message: `${data.root} describes no network: put consortium.yaml of yours there` }]
        : [
            {
              level: 'warn',
              message: `${data.root} describes no network: start one, or put consortium.yaml and crypto-config of another one there`,
              next: 'tracecal up --detach',
            },
          ];
    }
    const findings = [...openness(data.root), ...copies(data)];
    return findings.length > 0 ? findings : [{ level: 'ok', message: data.root }];
  },
};

function openness(root: string): readonly Finding[] {
  const { mode } = statSync(root);
  const isOpen = process.platform !== 'win32' && (mode & OTHERS_READ) !== 0 && (mode & OTHERS_ENTER) !== 0;
  return isOpen ? [{ level: 'warn', message: `others can look into ${root}`, next: `chmod 700 ${word(root)}` }] : [];
}

function copies(data: DataDirectory): readonly Finding[] {
  const message = copyWarning(data);
  return message === undefined ? [] : [{ level: 'warn', message }];
}
