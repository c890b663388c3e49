import type { AppNetwork } from '@fairlead/shared';
import { Empty } from '@/components/empty';
import { Panel } from '@/components/panel';
import { StatusWord } from '@/components/status-word';

type Route = AppNetwork['routes'][number];

/** The addresses under which the app is found from outside, and where that traffic comes from. */
export function RoutesPanel({ network }: { network: AppNetwork }) {
  const { routes, controllers } = network;
  return (
    <Panel title="Routes" count={routes.length} flush>
      {routes.length === 0 ? (
        <Empty kind="nothing" title="No route leads here">
          The app is found inside of the cluster only. An address in its settings gives it one.
        </Empty>
      ) : (
        <>
          <ul>
            {routes.map((route) => (
              <li key={`${route.ingress} ${route.host} ${route.path} ${route.service}`} className="border-b px-3 py-2 text-sm">
                <p className="flex flex-wrap items-center gap-x-2">
                  <span className="break-all font-medium">
                    {route.host}
                    {route.path}
                  </span>
                  <StatusWord
                    size="small"
                    status={
                      route.tlsSecret === null
                        ? { word: 'No TLS', tone: 'idle', icon: 'lock-open' }
                        : { word: 'TLS', tone: 'ok', icon: 'lock' }
                    }
                  />
                </p>
                <p className="break-words text-muted text-xs">{routeWords(route)}</p>
              </li>
            ))}
          </ul>
          <p className="px-3 py-2 text-muted text-xs">
            {controllers.length > 0
              ? controllers.map(({ namespace, seenBy }) => `Their traffic comes from the namespace ${namespace}: ${seenBy}.`).join(' ')
              : 'Which namespace their traffic comes from could not be seen: the ingress controller may be outside of the cluster.'}
          </p>
        </>
      )}
    </Panel>
  );
}

const routeWords = (route: Route): string =>
  [
    `to ${route.service}:${route.port}`,
    route.class ? `class ${route.class}` : 'default class',
    route.tlsSecret ? `certificate ${route.tlsSecret}` : null,
    route.addresses.length > 0 ? `answered at ${route.addresses.join(', ')}` : 'no address yet: no controller has taken it',
    route.ofApp ? null : `by the Ingress ${route.ingress}, which this app did not make`,
  ]
    .filter(Boolean)
    .join(' · ');
