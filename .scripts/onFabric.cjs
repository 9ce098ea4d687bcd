'use strict';

// Loaded by mocha where the suites are about real Fabric: the scenarios run on the engine that is named here.
process.env.TRACECAL_ENGINE ??= 'native';
