import type { ResourceDefinition } from '../../registry/definition.js';
import { containerCells } from '../parts/container-cells.js';
import { define } from '../parts/define.js';
import { firstProblem, isSubdomain } from '../parts/names.js';
import { labelsText } from '../parts/selector-text.js';
import { fields, within } from '../parts/values.js';
import { setTemplateDefaults } from '../pod-template/defaults.js';
import { dropDisabledOfTemplate } from '../pod-template/drop-disabled.js';
import { templateRules } from '../pod-template/rules/template.js';
import { podWarnings } from '../pod-template/warnings.js';

export const podTemplates: ResourceDefinition = define({
  resource: 'podtemplates',
  kind: 'PodTemplate',
  hasGeneration: true,
  nameProblem: firstProblem(isSubdomain),
  setDefaults: (object) => setTemplateDefaults(within(object, 'template')),
  prepareForCreate: ({ template }) => dropDisabledOfTemplate(template),
  prepareForUpdate: ({ template }) => dropDisabledOfTemplate(template),
  validate: ({ template }) => templateRules(fields(template), 'template'),
  warnings: ({ template }, old) => (old ? [] : podWarnings(fields(template), 'template')),
  cells: ({ metadata, template }) => [
    metadata.name,
    ...containerCells(fields(fields(template).spec).containers),
    labelsText(fields(fields(template).metadata).labels),
  ],
});
