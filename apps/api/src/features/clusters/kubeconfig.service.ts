import type { Token } from '@fairlead/shared';
import { Injectable } from '@nestjs/common';
import { DoorAuthority } from '../../platform/http/door-authority.js';
import { Origins } from '../../platform/http/origins.js';
import type { Caller } from '../auth/index.js';
import { TokensService } from '../tokens/index.js';
import type { ClusterRecord } from './cluster-store.js';
import { kubeconfigYaml } from './kubeconfig-yaml.js';

/** The kubeconfig that goes through Fairlead: an ordinary API token in it, narrowed to the cluster. */
@Injectable()
export class KubeconfigService {
  constructor(
    private readonly origins: Origins,
    private readonly authority: DoorAuthority,
    private readonly tokens: TokensService,
  ) {}

  async create(caller: Caller, cluster: ClusterRecord, expiresInHours: number): Promise<{ yaml: string; token: Token }> {
    const { token: secret, ...token } = await this.tokens.create(caller, caller.id, {
      name: `kubeconfig ${cluster.name}`,
      expiresInHours,
      readOnly: false,
      clusters: [cluster.id],
    });
    const origin = this.origins.tlsUrl;
    return {
      yaml: kubeconfigYaml({ cluster: cluster.name, origin, ca: this.authority.forOrigin(origin), user: caller.name, token: secret }),
      token,
    };
  }
}
