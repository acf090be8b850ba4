import { z } from 'zod';

/** Networks of version 1: at most two hidden layers, one unit in the last of them, one output. */
const layers = { first: z.unknown(), second: z.unknown().optional() };
const version1Schema = z.looseObject({
  outputs: z.array(
    z.looseObject({
      network: z.looseObject({
        subNetworks: z.array(
          z.strictObject({ ...layers, output: z.unknown(), gates: z.strictObject(layers).optional() }),
        ),
      }),
    }),
  ),
});

/**
 * A model file of version 1 in the shape of version 2: `second` becomes the only inner layer, the output weight a list.
 * Networks stay as they came where they do not have the shape of version 1: the check of the fields then names the fault.
 */
export function upgradeVersion1(json: object): object {
  const parsed = version1Schema.safeParse(json);
  if (!parsed.success) return { ...json, version: 2 };
  const inner = ({ first, second }: { first?: unknown; second?: unknown }): object => ({
    first,
    inner: second === undefined ? [] : [[second]],
  });
  return {
    ...parsed.data,
    version: 2,
    outputs: parsed.data.outputs.map((entry) => ({
      ...entry,
      network: {
        ...entry.network,
        outputs: 1,
        subNetworks: entry.network.subNetworks.map(({ output, gates, ...rest }) => ({
          ...inner(rest),
          output: [output],
          channel: 0,
          ...(gates ? { gates: inner(gates) } : {}),
        })),
      },
    })),
  };
}
