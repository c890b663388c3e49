const workloads = /^kind:\s*["']?(Deployment|StatefulSet|DaemonSet|Job|CronJob)["']?\s*$/m;

/** The name of the first workload in pasted YAML, else of its first object; only a suggestion for the name's field, so read by lines. */
export function nameInYaml(yaml: string): string {
  const documents = yaml.split(/^---.*$/m);
  const wanted = documents.find((document) => workloads.test(document)) ?? documents.find((document) => /^kind:/m.test(document));
  const metadata = /^metadata:[^\n]*\n((?:[ \t]+[^\n]*\n?|\s*\n)*)/m.exec(wanted ?? '')?.[1] ?? '';
  return /^[ \t]+name:\s*["']?([a-z0-9][-a-z0-9]*)["']?\s*$/m.exec(metadata)?.[1]?.slice(0, 52) ?? '';
}
