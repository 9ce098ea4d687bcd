import { existsSync, rmSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { PkiError } from '@tracecal/pki';
import { Staging, type NewFile } from './files.js';
import { KEY_FILE, mspFilesOf, type Authorities } from './holderFactory.js';
import type { OrganisationTree } from './tree.js';

/** What everybody may know of somebody else's organisation: certificates in PEM. */
export interface PublicOrganisation extends Authorities {
  readonly tree: OrganisationTree;
  /** Its ordering node: the certificates with which it signs blocks and makes connections. */
  readonly node?: { readonly name: string; readonly identity: string; readonly tls: string };
}

/**
 * Writes the public parts of other organisations into a crypto-config tree, in place of what was there of them.
 * @throws PkiError `KEY_MISMATCH` if the tree has private keys of one: then it is no other organisation
 */
export function writePublicTrees(directory: string, organisations: readonly PublicOrganisation[]): void {
  const own = organisations.find(({ tree }) => existsSync(join(tree.ca, KEY_FILE)));
  if (own !== undefined) {
    throw new PkiError(
      'KEY_MISMATCH',
      `${own.tree.root} has private keys, which are not to be replaced: move it away.`,
    );
  }
  const staging = new Staging(directory);
  try {
    for (const organisation of organisations) {
      const { root } = organisation.tree;
      rmSync(root, { recursive: true, force: true });
      staging.create(root, publicFiles(organisation));
    }
  } finally {
    staging.close();
  }
}

function publicFiles({ tree, cas, tlsCas, node }: PublicOrganisation): readonly NewFile[] {
  const within = (path: string): string => relative(tree.root, path);
  const msp = (folder: string): readonly NewFile[] => mspFilesOf(tree, folder, { cas, tlsCas });
  const ca = cas[0] ?? '';
  const tlsCa = tlsCas.join('\n');
  return [
    { path: within(tree.caCertificate), content: ca },
    { path: within(tree.tlsCaCertificate), content: tlsCa },
    ...msp('msp'),
    ...(node === undefined ? [] : nodeFiles(node)),
  ];

  function nodeFiles({ name, identity, tls }: NonNullable<PublicOrganisation['node']>): readonly NewFile[] {
    const holder = tree.node(name);
    return [
      ...msp(within(holder.msp)),
      { path: within(join(holder.msp, 'signcerts', `${basename(holder.root)}-cert.pem`)), content: identity },
      { path: within(join(holder.tls, 'ca.crt')), content: tlsCa },
      { path: within(join(holder.tls, 'server.crt')), content: tls },
    ];
  }
}
