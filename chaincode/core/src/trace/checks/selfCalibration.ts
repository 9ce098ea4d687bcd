import { failed, holds } from './check.js';
import type { Check } from './check.js';

/** No device is its own ancestor: otherwise a standard could stay traceable without ever being calibrated by another one. */
export const selfCalibration: Check = {
  name: 'self-calibration',
  about: 'citation',
  examine({ report, path, devices }) {
    const twice = path.find(({ device }) => devices.has(device))?.device;
    return twice === undefined
      ? holds
      : failed(
          `Device ${twice} would calibrate itself: its calibration rests on report ${report.id}, which ${report.device.id === twice ? 'is its own' : 'rests on it'}.`,
        );
  },
  told({ report: { device }, path }) {
    return path.length === 0 ? [] : [`Device ${device.id} stands above ${path.map((step) => step.device).join(', ')}.`];
  },
};
