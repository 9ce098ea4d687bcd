/**
 * Why real Fabric could not be brought up, or not kept up:
 * - `BINARY_MISSING`: no usable `peer` or `orderer` program.
 * - `OTHER_CONSORTIUM`: the data directory was made for another description.
 * - `PORT_TAKEN`: something else listens where a node must.
 * - `NOT_HERE`: a node must listen on an address that this machine does not have.
 * - `PROCESS_ENDED`: a node or chaincode service ended by itself.
 * - `NOT_READY`: everything runs, but the organisations do not see each other in time.
 * - `DOCKER_MISSING`: no Docker, no engine that answers, or no Compose.
 * - `IMAGE_MISSING`: an image is not here and cannot be pulled.
 * - `DOCKER_FAILED`: Docker refused something.
 * - `BAD_CHAINCODE`: a chaincode of the description cannot be started.
 * - `NOT_COPIED`: the network cannot be copied while it runs.
 * - `PATH_UNUSABLE`: the data directory or a folder to write into is at an unsuitable path.
 * - `NOT_ALONE`: a change needs other members than the one whose nodes run here.
 * - `NODES_RUN`: something else runs nodes of the data directory, such as systemd or Docker.
 * - `APPROVAL_OPEN`: readers of a channel can still write it, because the approval of a chaincode could not be ended.
 */
export type FabricErrorCode =
  | 'BINARY_MISSING'
  | 'OTHER_CONSORTIUM'
  | 'PORT_TAKEN'
  | 'NOT_HERE'
  | 'PROCESS_ENDED'
  | 'NOT_READY'
  | 'DOCKER_MISSING'
  | 'IMAGE_MISSING'
  | 'DOCKER_FAILED'
  | 'BAD_CHAINCODE'
  | 'APPROVAL_OPEN'
  | 'NOT_COPIED'
  | 'PATH_UNUSABLE'
  | 'NOT_ALONE'
  | 'NODES_RUN';

/** A failure of the engine itself; what a node refuses is an `AdminError`. */
export class FabricError extends Error {
  override readonly name = 'FabricError';

  constructor(
    readonly code: FabricErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
