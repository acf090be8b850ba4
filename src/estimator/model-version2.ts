import { z } from 'zod';

const version2Schema = z.looseObject({ options: z.looseObject({}) });

/**
 * A model file of version 2 in the shape of version 3: there was one network for each class, no weights and no calibration. Files that do not
 * have the shape of version 2 stay as they came: the check of the fields then names the fault.
 */
export function upgradeVersion2(json: object): object {
  const parsed = version2Schema.safeParse(json);
  if (!parsed.success) return { ...json, version: 3 };
  return {
    ...parsed.data,
    version: 3,
    options: { multiClass: 'one-vs-rest', ...parsed.data.options },
    weighted: false,
    calibration: null,
  };
}
