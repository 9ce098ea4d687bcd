import { join, resolve } from 'node:path';

export const DEFAULT_DATA_DIRECTORY = '.tracecal';

/** Where everything of one network and its user lies: `--data`, or TRACECAL_DATA, or `.tracecal` here. */
export class DataDirectory {
  readonly root: string;

  constructor(option: string | undefined, environment: NodeJS.ProcessEnv) {
    this.root = resolve(option ?? environment['TRACECAL_DATA'] ?? DEFAULT_DATA_DIRECTORY);
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

  /** The description of the consortium that runs here. */
  get consortiumFile(): string {
    return join(this.root, 'consortium.yaml');
  }

  /** What the network here runs on: an engine's data means nothing to another. */
  get engineFile(): string {
    return join(this.root, 'engine');
  }

  /** What runs here, while it runs. */
  get networkFile(): string {
    return join(this.root, 'network.json');
  }

  get logFile(): string {
    return join(this.root, 'network.log');
  }
}
