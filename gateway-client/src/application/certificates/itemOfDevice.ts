import type { DeviceSummary } from '@tracecal/core/contracts';
import type { ItemReport } from '../../dcc/index.js';
import { ApplicationError } from '../errors.js';
import { differencesOf } from './calibratedDevice.js';
import { calibratedItem } from './candidate.js';
import type { Candidate } from './candidate.js';
import { compareSerials } from './sameMaker.js';

export interface ItemOfDevice {
  readonly item: ItemReport;
  readonly notes: readonly string[];
}

/**
 * The item of a certificate that is a named device. Its serial number, maker and model must not contradict: a wrong file is the most common
 * mistake, and would make a device traceable that nobody calibrated.
 *
 * @param amends - The report that the certificate replaces, if any.
 * @throws ApplicationError `INPUT_INVALID` if the certificate is about another device
 */
export function itemOfDevice(
  candidate: Candidate,
  items: readonly ItemReport[],
  device: DeviceSummary,
  amends: string | null,
): ItemOfDevice {
  const calibrated = items.map((item) => ({ item, is: calibratedItem(candidate, item.item) }));
  const [first, ...others] = calibrated;
  if (!first) {
    throw new ApplicationError('INPUT_INVALID', 'The certificate states nothing that can be a result of a report.');
  }
  const own = calibrated.find(({ is }) => compareSerials(is.numbers, device.serial) === 'same');
  if (!own && others.length > 0) {
    const serials = calibrated.map(({ is }) => is.serial).join(', ');
    throw new ApplicationError(
      'INPUT_INVALID',
      `The certificate is about several items (${serials}), and ${device.id} has serial number ${device.serial}.`,
    );
  }
  const { item, is } = own ?? first;
  const differences = differencesOf(device, is);
  if (differences.length > 0) {
    const how = `tracecal dcc import FILE --device ${device.id}${amends === null ? '' : ` --amends ${amends}`}`;
    throw new ApplicationError(
      'INPUT_INVALID',
      `The certificate is not about device ${device.id}: its ${differences.join(', its ')}. Give the certificate of this device. If it is the same device all the same, use \`${how}\`, which tells the difference.`,
    );
  }
  return { item, notes: is.isNumbered ? [] : [unnumbered(device)] };
}

function unnumbered({ id }: DeviceSummary): string {
  return `The certificate states no serial number of its item (ISO/IEC 17025, 7.8.2.1 g): that it is device ${id} rests on your word.`;
}
