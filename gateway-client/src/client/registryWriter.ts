import type { DevicesPlaced, ProofsAnchored } from '@tracecal/core/contracts';
import type { Announced } from './answers.js';
import { idsShape, itemsShape, requireShape } from './arguments.js';
import { requireNothingConfidential } from './confidentialItems.js';
import type { Committed } from './outcome.js';
import { RegistryReader } from './registryReader.js';
import type { Item } from './statements/index.js';

/**
 * One statement to register, or up to 100 of the same kind that do not depend on one another: all are registered, or none.
 */
export type Items = Item | readonly Item[];

/**
 * The writes to the registry. Each waits for its block and returns which block that is.
 *
 * Each can throw, besides the errors listed there, TraceCalError `INPUT_INVALID`, `SIGNATURE_INVALID`, `WRONG_REGISTRY`,
 * `NOT_AUTHORISED` if required signatures are missing, and `ALREADY_EXISTS` for a used number or id.
 */
export abstract class RegistryWriter extends RegistryReader {
  /**
   * Founds the registry. Only once, and before everything else.
   *
   * @param items - `founding`, with the institutes' `certificates` and `memberships`; signed by all of them. Every member's
   * chaincode is started with its digest and refuses any other founding.
   * @throws TraceCalError `CERTIFICATE_INVALID`
   */
  found(items: Items): Promise<Announced> {
    return this.#register('found', items);
  }

  /**
   * Admits an institute to the registry.
   *
   * @param items - `admission`, with the new institute's `certificate` and `memberships`; signed by the new institute and a majority of the others.
   * @throws TraceCalError `CERTIFICATE_INVALID`
   */
  admitInstitute(items: Items): Promise<Announced> {
    return this.#register('admitInstitute', items);
  }

  /** Changes the registry's policy. @param items - `policy`, signed by a majority of the institutes. */
  setPolicy(items: Items): Promise<Announced> {
    return this.#register('setPolicy', items);
  }

  /**
   * Registers an organisation below another, or a further key of an organisation.
   *
   * @param items - `organisation`, with its `certificate`; signed by its own key and its certifier.
   * @throws TraceCalError `CERTIFICATE_INVALID`, `NOT_FOUND`
   */
  createOrganisation(items: Items): Promise<Announced> {
    return this.#register('createOrganisation', items);
  }

  /**
   * Registers what a technician or an officer may do, or changes it.
   *
   * @param items - `authorisation`, with their `certificate`; signed by the organisation and the person's own key.
   * @throws TraceCalError `CERTIFICATE_INVALID`, `NOT_FOUND`
   */
  createTechnician(items: Items): Promise<Announced> {
    return this.#register('createTechnician', items);
  }

  /**
   * Adds lines to an organisation's accreditation.
   *
   * @param items - `accreditation`, signed by the accreditor; for an institute, by a majority of the institutes.
   * @throws TraceCalError `NOT_FOUND`
   */
  accredit(items: Items): Promise<Announced> {
    return this.#register('accredit', items);
  }

  /**
   * Ends lines of an accreditation early.
   *
   * @param items - `reduction`, signed by the grantor of the lines, or by the institute above it.
   * @throws TraceCalError `NOT_FOUND` if there are no such lines
   */
  reduceAccreditation(items: Items): Promise<Announced> {
    return this.#register('reduceAccreditation', items);
  }

  /**
   * Registers a device, or a further key or certificate of a device.
   *
   * @param items - `device`, with its `certificate`; signed by the technician who imprinted it, its own key and its owner.
   * @throws TraceCalError `CERTIFICATE_INVALID`, `NOT_FOUND`
   */
  registerDevice(items: Items): Promise<Announced> {
    return this.#register('registerDevice', items);
  }

  /** Transfers a device to another owner. @param items - `transfer`, signed by the present owner and the next. */
  transferDevice(items: Items): Promise<Announced> {
    return this.#register('transferDevice', items);
  }

  /** Sets a device's recalibration interval. @param items - `interval`, signed by its owner. */
  setInterval(items: Items): Promise<Announced> {
    return this.#register('setInterval', items);
  }

  /**
   * Sets what an owner requires of all its devices, in place of what it required before.
   *
   * @param items - `requirements`, about the owner and signed by it.
   * @example
   * const statement = newStatement('requirements', {
   *   registry: await tracecal.registry(),
   *   author: 'oem-a',
   *   subject: { kind: 'organisation', id: 'oem-a' },
   *   number: await tracecal.nextNumber('oem-a', { kind: 'organisation', id: 'oem-a' }),
   *   body: { intervals: [{ quantity: 'temperature', days: 365 }], graceDays: 14, accreditation: 'accept' },
   * });
   * await tracecal.setRequirements({ statement: await signStatement(statement, [officer]) });
   */
  setRequirements(items: Items): Promise<Announced> {
    return this.#register('setRequirements', items);
  }

  /**
   * Registers reports. A report counts for its device after the owner has accepted it, at once or later.
   *
   * @param items - `report`, with its `results`, and with the owner's `acceptance` if it is available; see `signReport`.
   * @throws TraceCalError `NOT_FOUND`, `PARENT_UNUSABLE`, `RESULT_REFUSED`, `TIME_INVALID`
   *
   * @example
   * const { txId } = await tracecal.createReport(await signReport(report, [technician, standard]));
   */
  createReport(items: Items): Promise<Announced> {
    return this.#register('createReport', items);
  }

  /**
   * Registers amendments: reports that each name the report they supersede. The old reports stay readable, but no longer
   * count.
   *
   * @param items - As for {@link createReport}.
   * @throws TraceCalError as {@link createReport}
   */
  amendReport(items: Items): Promise<Announced> {
    return this.#register('amendReport', items);
  }

  /**
   * Accepts reports: from then on they count for their devices.
   *
   * @param items - `acceptance`, signed by the device's owner; see `acceptanceOf`.
   * @throws TraceCalError `NOT_FOUND`
   */
  acceptReport(items: Items): Promise<Announced> {
    return this.#register('acceptReport', items);
  }

  /**
   * Rejects reports permanently: they do not count for their devices, or no longer count.
   *
   * @param items - `rejection`, signed by the device's owner; see `rejectionOf`.
   * @throws TraceCalError `NOT_FOUND`
   */
  rejectReport(items: Items): Promise<Announced> {
    return this.#register('rejectReport', items);
  }

  /**
   * States that reports are still valid although a report they depend on was amended. @param items - `review`, signed by
   * their laboratory.
   */
  review(items: Items): Promise<Announced> {
    return this.#register('review', items);
  }

  /**
   * Registers that another organisation imported the original of a transcription, and whether the two are equal.
   *
   * @param items - `confirmation`, signed by an officer of an organisation that is independent of the transcriber and the owner.
   * @example
   * const { digest, body } = await tracecal.getReport('lab-alpha/1234-24');
   * const subject = { kind: 'report', id: 'lab-alpha/1234-24' } as const;
   * const statement = newStatement('confirmation', {
   *   registry: await tracecal.registry(),
   *   author: 'lab-beta',
   *   subject,
   *   number: await tracecal.nextNumber('lab-beta', subject),
   *   body: { digest, certificateSha256: sha256OfTheFile, equal: true },
   * });
   * await tracecal.confirm({ statement: await signStatement(statement, [officer]) });
   */
  confirm(items: Items): Promise<Announced> {
    return this.#register('confirm', items);
  }

  /**
   * Registers what an organisation that has read confidential results states about them.
   *
   * @param items - `vouching`, signed by an officer of an institute, a laboratory, an accreditation body or an observer, or of the issuer
   * or an owner of the device.
   */
  vouch(items: Items): Promise<Announced> {
    return this.#register('vouch', items);
  }

  /** Accepts a laboratory's future reports in advance. @param items - `consent`, signed by the owner of the devices. */
  consent(items: Items): Promise<Announced> {
    return this.#register('consent', items);
  }

  /**
   * Revokes something permanently. The next trace already shows the new verdict of everything that depends on it.
   *
   * @param items - `revocation`, signed by the organisation responsible for the subject, or one above it; for an institute,
   * by itself or a majority of the others.
   * @throws TraceCalError `NOT_FOUND`, `STANDING_INVALID`
   */
  revoke(items: Items): Promise<Announced> {
    return this.#register('revoke', items);
  }

  /**
   * Suspends something until it is reinstated.
   *
   * @param items - `suspension`, signed as for {@link revoke}.
   * @throws TraceCalError as {@link revoke}
   */
  suspend(items: Items): Promise<Announced> {
    return this.#register('suspend', items);
  }

  /**
   * Lifts a suspension. A revocation cannot be lifted.
   *
   * @param items - `reinstatement`, signed by the organisation that suspended, or one above it.
   * @throws TraceCalError as {@link revoke}
   */
  reinstate(items: Items): Promise<Announced> {
    return this.#register('reinstate', items);
  }

  /** Closes the open epoch: nothing more enters it. @param items - `seal`, signed by an institute. */
  seal(items: Items): Promise<Announced> {
    return this.#register('seal', items);
  }

  /**
   * Registers that institutes have seen everything up to a sealed epoch.
   *
   * @param items - `heartbeat` with the digest from {@link getEpochDigest}, signed by the institute.
   */
  heartbeat(items: Items): Promise<Announced> {
    return this.#register('heartbeat', items);
  }

  /**
   * Registers statements of any kind for another party, such as the owner of a device, who does not write at this level.
   *
   * @param items - Signed by the parties that make the statements.
   */
  submitStatements(items: Items): Promise<Announced> {
    return this.#register('submitStatements', items);
  }

  /** Anchors a Merkle root of digests in the ledger. @param root - See `anchorOf`. */
  anchor(root: string): Promise<Announced> {
    return this.submit('anchor', root);
  }

  /**
   * Anchors a Merkle root of proofs in the ledger: `recordProofs` makes it. Any member that may write can.
   *
   * @throws TraceCalError as every transaction
   */
  anchorProofs(root: string): Promise<Committed<ProofsAnchored>> {
    return this.submit('anchorProofs', root);
  }

  /**
   * Gives devices their places in buckets, where {@link askBucket} finds them. It changes no verdict, and any member of the calibration level
   * may do it for all devices; a device that has its place already stays as it is.
   *
   * @param deviceIds - Up to 500 whole ids.
   * @throws TraceCalError as every transaction
   * @example
   * for await (const device of tracecal.unplacedDevices()) await tracecal.placeDevices([device]);
   */
  placeDevices(deviceIds: readonly string[]): Promise<Committed<DevicesPlaced>> {
    requireShape(idsShape, 'list of devices', deviceIds);
    return this.submit('placeDevices', { devices: deviceIds });
  }

  async #register(transaction: string, items: Items): Promise<Announced> {
    requireShape(itemsShape, 'submission', items);
    const list = 'statement' in items ? [items] : items;
    requireNothingConfidential(list);
    return this.submit(transaction, { items: list });
  }
}
