// A kind of one's own, of group <id>.example.dev.

/**
 * Makes a CustomResourceDefinition `widgets` and waits until it is served. `properties` are those of spec. Answers {group, path, item, definition}:
 * the path of its collection in the case's namespace, and a function that makes an object of it.
 */
export async function customResource(
  t,
  { properties = { size: { type: 'integer' }, colour: { type: 'string' } }, version = {}, versions, spec = {}, schema } = {},
) {
  const group = `${t.id}.example.dev`;
  const openAPIV3Schema = schema ?? {
    type: 'object',
    properties: {
      spec: { type: 'object', properties },
      status: { type: 'object', properties: { phase: { type: 'string' }, count: { type: 'integer' } } },
    },
  };
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      versions: versions ?? [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema }, ...version }],
      ...spec,
    },
  };
  const made = await t.create('customresourcedefinitions', definition);
  const served = (versions ?? [{ name: 'v1' }])[0].name;
  const scope = spec.scope === 'Cluster' ? '' : `/namespaces/${t.ns}`;
  const path = `/apis/${group}/${served}${scope}/widgets`;
  await t.until('the new kind is served', async () => (await t.GET(path)).status === 200);
  const item = (name, itemSpec = {}, more = {}) => ({
    apiVersion: `${group}/${served}`,
    kind: 'Widget',
    metadata: { name },
    spec: itemSpec,
    ...more,
  });
  return { group, path, item, definition: made };
}
