/**
 * Loaded into chaincode processes ahead of their own code: when the network's process is gone, however it went, its
 * chaincodes go with it instead of holding their port and memory for ever.
 */
process.on('disconnect', () => {
  process.exit(0);
});
