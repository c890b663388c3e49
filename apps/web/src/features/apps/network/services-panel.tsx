import type { AppNetwork } from '@fairlead/shared';
import { CopyButton } from '@/components/copy-button';
import { Empty } from '@/components/empty';
import { KeyValue } from '@/components/key-value';
import { Panel } from '@/components/panel';

type Service = AppNetwork['services'][number];

/** Names under which the app is found inside of the cluster, each to copy, and what answers there. */
export function ServicesPanel({ network }: { network: AppNetwork }) {
  const { services, clusterDomain } = network;
  return (
    <Panel title="Names" count={services.length} flush>
      {services.length === 0 ? (
        <Empty kind="nothing" title="No Service, so no name">
          Give the app a port in its settings: then it gets a Service, and pods find it by name. What runs by a schedule serves nobody.
        </Empty>
      ) : (
        services.map((service) => <ServiceNames key={service.name} service={service} />)
      )}
      {services.length > 0 ? (
        <p className="border-t px-3 py-2 text-muted text-xs">
          {clusterDomain.seen
            ? `The cluster's domain is ${clusterDomain.name}, by its name server.`
            : `The cluster's domain could not be seen: ${clusterDomain.name} is the usual one, and assumed.`}
        </p>
      ) : null}
    </Panel>
  );
}

function ServiceNames({ service }: { service: Service }) {
  const { name, type, headless, clusterIPs, externalAddresses, ports, names, spread, empty } = service;
  return (
    <section aria-label={`Service ${name}`} className="border-b px-3 py-3 last:border-b-0">
      <h3 className="mb-2 font-medium text-sm">
        Service {name} <span className="font-normal text-muted">{headless ? 'headless' : type}</span>
      </h3>
      <ul className="mb-3 flex flex-col">
        {names.map((each) => (
          <li key={each.name} className="flex items-center gap-2 py-0.5">
            <span className="min-w-0 flex-1">
              <code className="break-all font-mono text-xs">{each.name}</code>
              <span className="block text-muted text-xs">{each.words}</span>
            </span>
            <CopyButton text={each.name} label={`Copy ${each.name}`} />
          </li>
        ))}
      </ul>
      <KeyValue
        entries={[
          ['Address', clusterIPs.length > 0 ? <Mono key="ips">{clusterIPs.join(', ')}</Mono> : headless ? 'none: headless' : '–'],
          ...(externalAddresses.length > 0
            ? [['From outside', <Mono key="outside">{externalAddresses.join(', ')}</Mono>] satisfies [string, React.ReactNode]]
            : []),
          [
            'Ports',
            <ul key="ports">
              {ports.map((port) => (
                <li key={`${port.port}/${port.protocol}`}>
                  <Mono>{portWords(port)}</Mono>
                </li>
              ))}
            </ul>,
          ],
          [
            'Spread',
            <ul key="spread">
              {spread.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>,
          ],
          ...(empty ? [['Nothing behind it', empty] satisfies [string, React.ReactNode]] : []),
        ]}
      />
    </section>
  );
}

const Mono = ({ children }: { children: React.ReactNode }) => <span className="break-all font-mono text-xs">{children}</span>;

const portWords = ({ name, port, protocol, target, nodePort }: Service['ports'][number]): string =>
  [`${name ? `${name} ` : ''}${port}/${protocol} → ${target}`, nodePort ? `on every node ${nodePort}` : null].filter(Boolean).join(', ');
