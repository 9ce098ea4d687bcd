import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDocker } from '@tracecal/network/fabric';
import { withTemporaryFolder } from './temporaryFolder.js';

/** A program of this name that does something else, as shell. */
interface Programs {
  readonly docker?: string;
  readonly 'docker-compose'?: string;
}

/** Asks for Docker where these programs, and no others, are on PATH. */
async function checkWith(programs: Programs): Promise<void> {
  const { PATH = '' } = process.env;
  await withTemporaryFolder(async (folder) => {
    for (const [name, script] of Object.entries(programs)) {
      writeFileSync(join(folder, name), `#!/bin/sh\n${String(script)}\n`);
      chmodSync(join(folder, name), 0o755);
    }
    process.env['PATH'] = folder;
    try {
      await checkDocker();
    } finally {
      process.env['PATH'] = PATH;
    }
  });
}

const NO_SUCH_HOST = 'Error response from daemon: Get "https://registry-1.docker.io/v2/": no such host';

describe('Docker', function () {
  before(function () {
    if (process.platform === 'win32') {
      console.warn('        skipped: stand-ins for docker are shell scripts');
      this.skip();
    }
  });

  it('is asked for with the way to get it when it is not installed', () =>
    assert.rejects(checkWith({}), { code: 'DOCKER_MISSING', message: /get-docker.*engine native/ }));

  it('is to be started when no engine answers', () =>
    assert.rejects(
      checkWith({ docker: 'echo "Cannot connect to the Docker daemon. Is the docker daemon running?" >&2; exit 1' }),
      {
        code: 'DOCKER_MISSING',
        message: /start it/,
      },
    ));

  it('is not open to everybody, and says how to be let in', () =>
    assert.rejects(
      checkWith({ docker: 'echo "permission denied while trying to connect to the socket" >&2; exit 1' }),
      {
        code: 'DOCKER_MISSING',
        message: /group docker/,
      },
    ));

  it('needs the Compose plugin; the program of its first generation does not do', async () => {
    const docker = 'test "$1" != compose';
    await assert.rejects(checkWith({ docker }), { code: 'DOCKER_MISSING', message: /Compose plugin: install/ });
    await assert.rejects(checkWith({ docker, 'docker-compose': 'exit 0' }), { code: 'DOCKER_MISSING' });
    await checkWith({ docker: 'exit 0' });
  });

  it('names the image that it cannot have, why, and what can be done', async () => {
    const docker = `case "$1" in image) exit 1;; pull) echo '${NO_SUCH_HOST}' >&2; exit 1;; esac`;
    await assert.rejects(checkWith({ docker }), {
      code: 'IMAGE_MISSING',
      message: /hyperledger\/fabric-peer:3\.1\.5 .*no such host.*docker load.*TRACECAL_FABRIC_REGISTRY/,
    });
  });

  it('pulls what is not here, by the names that the environment gives', async () => {
    process.env['TRACECAL_FABRIC_REGISTRY'] = 'registry.example/fabric';
    try {
      const docker = 'case "$1" in image) exit 1;; pull) test "$3" = registry.example/fabric/fabric-peer:3.1.5;; esac';
      await assert.rejects(checkWith({ docker }), { message: /registry\.example\/fabric\/fabric-orderer:3\.1\.5/ });
    } finally {
      delete process.env['TRACECAL_FABRIC_REGISTRY'];
    }
  });
});
