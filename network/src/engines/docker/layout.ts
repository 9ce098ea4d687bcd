import { createHash } from 'node:crypto';
import { basename, join, relative, sep } from 'node:path';
import { LOOPBACK } from '../../system/ports.js';
import { hostOf } from '../../pki/index.js';
import { Layout } from '../common/places/layout.js';
import type { Surroundings } from '../common/places/surroundings.js';

/** Where the docker engine keeps things in its data directory. */
export class DockerLayout extends Layout {
  override get placement(): string {
    return join(this.root, 'docker.json');
  }

  get composeFile(): string {
    return join(this.root, 'compose.yaml');
  }

  get containerLog(): string {
    return join(this.logDir, 'containers.log');
  }

  get imagesDir(): string {
    return join(this.root, 'images');
  }

  /** What the image of a chaincode package is built from, as its code is now; several chaincodes may share it. */
  imageDir(packageSpecifier: string, codeDigest: string): string {
    const digest = shortDigest(`${packageSpecifier}\0${codeDigest}`);
    return join(this.imagesDir, `${basename(packageSpecifier)}-${digest}`);
  }

  override get everything(): readonly string[] {
    return [...super.everything, this.composeFile, this.imagesDir];
  }

  /** Tells the containers of this data directory from those of others. */
  get project(): string {
    const name = basename(this.root)
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '');
    return `tracecal-${name}-${shortDigest(this.root)}`;
  }

  /** A path of the data directory as the compose file names it: relative, so that the directory may be anywhere. */
  mounted(path: string): string {
    return `./${relative(this.root, path).split(sep).join('/')}`;
  }
}

function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** The data directory as containers see it: of each path only what a node needs is there. */
class ContainerLayout extends Layout {
  /** The builder that comes with the official peer image. */
  override get builderDir(): string {
    return '/opt/hyperledger/ccaas_builder';
  }
}

/** The network of Compose knows every node by its full name. */
export const IN_CONTAINER: Surroundings = {
  layout: new ContainerLayout('/tracecal'),
  listenOn: '0.0.0.0',
  // The other containers come without a detour.
  listenPortOf: ({ port }) => port,
  hostOf: (node) => hostOf(node, node),
  // On the container's own loopback, where its health check asks: nobody else comes there.
  operations: () => ({ address: `${LOOPBACK}:9443`, isPrivate: true }),
};
