import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { RESTORED } from '@tracecal/network/backup';
import { given } from '../environment.js';
import { CliError } from '../errors.js';
import { requireOwn } from './requireOwn.js';

const DEFAULT_DATA_DIRECTORY = '.tracecal';

/** The directory of one network and its user: `--data`, or TRACECAL_DATA, or `.tracecal` in the working directory. */
export class DataDirectory {
  readonly root: string;

  constructor(option: string | undefined, environment: NodeJS.ProcessEnv) {
    this.root = resolve(option ?? given(environment, 'TRACECAL_DATA') ?? DEFAULT_DATA_DIRECTORY);
  }

  /** Fabric's identities and TLS roots, and the connection profiles. */
  get crypto(): string {
    return join(this.root, 'crypto-config');
  }

  /** Keys and certificates of the calibration chain. */
  get keys(): string {
    return join(this.root, 'keys');
  }

  /** Original certificate files by their digest. */
  get content(): string {
    return join(this.root, 'content');
  }

  /** Which roots the user trusts. */
  get trustFile(): string {
    return join(this.root, 'trust.json');
  }

  /** Who founded the registry: signed by all founding institutes, and no secret. */
  get foundingFile(): string {
    return join(this.root, 'founding.json');
  }

  /** The demo's certificates. */
  get examples(): string {
    return join(this.root, 'examples');
  }

  /** How far the registry was followed, and the notices still to be sent. */
  get watch(): string {
    return join(this.root, 'watch');
  }

  /** What the directory was restored from, until its user deletes this. */
  get restoredFile(): string {
    return join(this.root, RESTORED);
  }

  /** The description of the consortium that runs here. */
  get consortiumFile(): string {
    return join(this.root, 'consortium.yaml');
  }

  /** The engine that made this data: another engine cannot read it. */
  get engineFile(): string {
    return join(this.root, 'engine');
  }

  /** Whose data directory it is, if it is one member's of a consortium on several machines. */
  get memberFile(): string {
    return join(this.root, 'member.yaml');
  }

  /** What a member has of the founding of a consortium: who it is, the files of all members, the genesis blocks. */
  get ceremony(): readonly string[] {
    return [this.memberFile, ...['ceremony', 'genesis'].map((name) => join(this.root, name))];
  }

  /** Whether a member works here whose network runs elsewhere: with an identity, where no network was ever started. */
  get isOfMember(): boolean {
    // A start writes its log before anything else, so that one which was interrupted can be completed.
    const wasStarted = [this.engineFile, this.foundingFile, this.logFile].some((file) => existsSync(file));
    return !wasStarted && existsSync(join(this.crypto, 'peerOrganizations'));
  }

  get logFile(): string {
    return join(this.root, 'network.log');
  }

  /**
   * Rejects a directory that another user prepared: its files name processes to end, and the roots to trust.
   *
   * @throws CliError `DATA_UNUSABLE`
   */
  requireOwn(): void {
    requireOwn(this.root, [
      this.consortiumFile,
      this.engineFile,
      this.foundingFile,
      this.trustFile,
      this.keys,
      this.crypto,
      ...this.ceremony,
      // Files of the network itself: the holder of the directory, its address, and its nodes.
      ...['network.json', 'control.sock', 'lock', 'run'].map((name) => join(this.root, name)),
    ]);
  }

  /** Makes the directory, for its owner alone, if it is not there. @throws CliError `DATA_UNUSABLE` */
  make(): void {
    try {
      makeFolder(this.root);
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? '';
      throw new CliError(
        'DATA_UNUSABLE',
        `${this.root} ${REASONS[code] ?? `cannot be made (${code})`}: name another data directory with --data.`,
        { cause },
      );
    }
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'is a file',
  ENOTDIR: 'has a file in its path',
  EACCES: 'is not yours to write to',
  EPERM: 'is not yours to write to',
  EROFS: 'is on a disk that cannot be written to',
};

/** Makes one folder at a time: Node's recursive mkdir never returns where a system folder takes no others (`/proc`). */
function makeFolder(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) {
    return;
  }
  if (!existsSync(dirname(path))) {
    makeFolder(dirname(path));
  }
  mkdirSync(path, { mode: 0o700 });
}
