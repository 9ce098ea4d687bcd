'use strict';

// Loaded by mocha where the suites are about real Fabric in containers: the scenarios run on the engine that is named here,
// and without Docker, Compose or the images everything is skipped, saying why.
process.env.TRACECAL_ENGINE ??= 'docker';

const PULLING_MS = 900_000;

exports.mochaHooks = {
  async beforeAll() {
    this.timeout(PULLING_MS);
    const { checkDocker, FabricError } = require('@tracecal/network/fabric');
    try {
      await checkDocker();
    } catch (error) {
      if (!(error instanceof FabricError)) throw error;
      console.warn(`  Skipped the suites on real Fabric in containers: ${error.message}`);
      this.skip();
    }
  },
};
