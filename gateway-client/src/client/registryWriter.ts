import type { Announced } from './answers.js';
import { RegistryReader } from './registryReader.js';
import type { Item } from './statements/index.js';

/** One statement to be registered, or up to 100 of a kind that do not rest on one another: all are registered, or none. */
export type Items = Item | readonly Item[];

/**
 * What is written in the registry: each waits for the block and says which one it is.
 *
 * All of them throw, besides what is said there, TraceCalError `INPUT_INVALID`, `SIGNATURE_INVALID`, `WRONG_REGISTRY`,
 * `NOT_AUTHORISED` where signatures of those whose word it needs are missing, and `ALREADY_EXISTS` for a number or id that was used.
 */
export abstract class RegistryWriter extends RegistryReader {
  /**
   * Founds the registry; once, before everything else.
   *
   * @param items - `founding`, with the institutes' `certificates` and `memberships`; signed by all of them. Every member's
   * chaincode is started with its digest and refuses another.
   * @throws TraceCalError `CERTIFICATE_INVALID`
   */
  found(items: Items): Promise<Announced> {
    return this.#register('found', items);
  }

  /**
   * Admits an institute to the registry.
   *
   * @param items - `admission`, with the newcomer's `certificate` and `memberships`; signed by it and a majority of the others.
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
   * Registers an organisation below another, or a further key of one.
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
   * @param items - `accreditation`, signed by who accredits it; of an institute by a majority of the institutes.
   * @throws TraceCalError `NOT_FOUND`
   */
  accredit(items: Items): Promise<Announced> {
    return this.#register('accredit', items);
  }

  /**
   * Ends lines of an accreditation before their time: by whom they were granted, or by the institute above.
   *
   * @param items - `reduction`.
   * @throws TraceCalError `NOT_FOUND` if there are no such lines
   */
  reduceAccreditation(items: Items): Promise<Announced> {
    return this.#register('reduceAccreditation', items);
  }

  /**
   * Registers a device, or a further key or certificate of one.
   *
   * @param items - `device`, with its `certificate`; signed by the technician who imprinted it, its own key and its owner.
   * @throws TraceCalError `CERTIFICATE_INVALID`, `NOT_FOUND`
   */
  registerDevice(items: Items): Promise<Announced> {
    return this.#register('registerDevice', items);
  }

  /** Hands a device over. @param items - `transfer`, signed by its owner until now and the next. */
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
   * Registers reports. One counts for its device once the owner has accepted it, at once or later.
   *
   * @param items - `report`, with its `results`, and with the owner's `acceptance` where it is at hand; see `signReport`.
   * @throws TraceCalError `NOT_FOUND`, `PARENT_UNUSABLE`, `RESULT_REFUSED`, `TIME_INVALID`
   *
   * @example
   * const { txId } = await tracecal.createReport(await signReport(report, [technician, standard]));
   */
  createReport(items: Items): Promise<Announced> {
    return this.#register('createReport', items);
  }

  /**
   * Registers reports that each say which one they supersede. The old ones stay readable, and count no more.
   *
   * @param items - As for {@link createReport}.
   * @throws TraceCalError as {@link createReport}
   */
  amendReport(items: Items): Promise<Announced> {
    return this.#register('amendReport', items);
  }

  /**
   * Has reports count for their devices.
   *
   * @param items - `acceptance`, signed by the device's owner; see `acceptanceOf`.
   * @throws TraceCalError `NOT_FOUND`
   */
  acceptReport(items: Items): Promise<Announced> {
    return this.#register('acceptReport', items);
  }

  /**
   * Has reports not, or no longer, count for their devices, for good.
   *
   * @param items - `rejection`, signed by the device's owner; see `rejectionOf`.
   * @throws TraceCalError `NOT_FOUND`
   */
  rejectReport(items: Items): Promise<Announced> {
    return this.#register('rejectReport', items);
  }

  /** Says that reports stand though what they rest on was amended. @param items - `review`, signed by their laboratory. */
  review(items: Items): Promise<Announced> {
    return this.#register('review', items);
  }

  /**
   * Says how the original of a transcription reads to another organisation, which imported it once more.
   *
   * @param items - `confirmation`, signed by an officer of an organisation that is a stranger to the transcriber and the owner.
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

  /** Accepts beforehand what a laboratory will report. @param items - `consent`, signed by the owner of the devices. */
  consent(items: Items): Promise<Announced> {
    return this.#register('consent', items);
  }

  /**
   * Revokes something for good. Changes the verdict of everything that rests on it at the very next trace.
   *
   * @param items - `revocation`, signed by the organisation that is responsible for the subject, or one above it; of an
   * institute by itself or a majority of the others.
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
   * Lifts a suspension. A revocation stays.
   *
   * @param items - `reinstatement`, signed by the organisation that suspended, or one above it.
   * @throws TraceCalError as {@link revoke}
   */
  reinstate(items: Items): Promise<Announced> {
    return this.#register('reinstate', items);
  }

  /** Closes the open epoch: nothing enters it any more. @param items - `seal`, signed by an institute. */
  seal(items: Items): Promise<Announced> {
    return this.#register('seal', items);
  }

  /**
   * Registers that institutes have seen everything up to a sealed epoch.
   *
   * @param items - `heartbeat` with the digest that {@link getEpochDigest} answers, signed by the institute.
   */
  heartbeat(items: Items): Promise<Announced> {
    return this.#register('heartbeat', items);
  }

  /**
   * Registers statements of any kind for somebody else, such as the owner of a device, who does not write at this level.
   *
   * @param items - Signed by those whose word they are.
   */
  submitStatements(items: Items): Promise<Announced> {
    return this.#register('submitStatements', items);
  }

  /** Has the ledger hold a Merkle root of digests from now on. @param root - See `anchorOf`. */
  anchor(root: string): Promise<Announced> {
    return this.submit('anchor', root);
  }

  #register(transaction: string, items: Items): Promise<Announced> {
    return this.submit(transaction, { items: 'statement' in items ? [items] : items });
  }
}
