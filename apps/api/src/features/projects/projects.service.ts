import type { Project, Role } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import type { Prisma } from '../../generated/prisma/client.js';
import { AppError } from '../../platform/app-error.js';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { DATABASE, type Database, isUniqueViolation } from '../../platform/database.js';
import { nameCursor, pageOf, readCursor } from '../../platform/http/paging.js';
import { newId } from '../../platform/id.js';
import { LOGGER, type Logger } from '../../platform/logger.js';
import { type ProjectInfo, platformAllows, projectRole } from '../access/index.js';
import type { Caller } from '../auth/index.js';
import { Clusters } from '../clusters/index.js';

interface NamespaceRequest {
  cluster: string;
  namespace: string;
  create: boolean;
}

const full = {
  include: {
    namespaces: { include: { cluster: { select: { id: true, name: true } } }, orderBy: { createdAt: 'asc' } },
    _count: { select: { apps: true, grants: true } },
  },
} satisfies Prisma.ProjectDefaultArgs;
type ProjectRow = Prisma.ProjectGetPayload<typeof full>;

/** Projects own namespaces on clusters. A namespace belongs to one project; the system's own belong to none. */
@Injectable()
export class ProjectsService {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly clusters: Clusters,
  ) {}

  async list(caller: Caller, { limit, cursor }: { limit: number; cursor?: string }): Promise<{ items: Project[]; next: string | null }> {
    const after = readCursor(cursor, nameCursor);
    const now = this.clock.now();
    const mine = caller.grants.filter((grant) => projectRole(caller, grant.projectId, now)).map((grant) => grant.projectId);
    const rows = await this.database.project.findMany({
      where: { ...(platformAllows(caller, 'projects.list-all') ? {} : { id: { in: mine } }), ...(after && { name: { gt: after } }) },
      orderBy: { name: 'asc' },
      take: limit + 1,
      ...full,
    });
    return pageOf(
      rows,
      limit,
      (row) => row.name,
      (row) => this.projectOf(row, projectRole(caller, row.id, now)),
    );
  }

  async get(caller: Caller, id: string): Promise<Project> {
    const row = await this.database.project.findUnique({ where: { id }, ...full });
    if (!row) throw new AppError('not_found', { what: 'project', name: id });
    return this.projectOf(row, projectRole(caller, id, this.clock.now()));
  }

  /**
   * The project, its namespaces claimed in the clusters, and its creator's admin grant: all or nothing. The rows come first, so that two
   * projects never claim one namespace; what a failed claim leaves is released again.
   * @throws AppError name_taken, namespace_taken, not_found, cluster_*
   */
  async create(caller: Caller, input: { name: string; displayName?: string; namespaces: NamespaceRequest[] }): Promise<Project> {
    const id = newId();
    const now = this.clock.now();
    const wanted = await this.resolve(input.namespaces);
    try {
      await this.database.$transaction([
        this.database.project.create({
          data: { id, name: input.name, displayName: input.displayName ?? input.name, createdAt: now, createdById: caller.id },
        }),
        ...wanted.map((each) => this.namespaceRow(id, each, now)),
        this.database.grant.create({
          data: { id: newId(), projectId: id, principalId: caller.id, role: 'admin', grantedById: caller.id, createdAt: now },
        }),
        ...this.ownRobot({ id, name: input.name }, caller, now),
      ]);
    } catch (error) {
      throw isUniqueViolation(error) ? await this.taken(input.name, wanted, error) : error;
    }
    const project = { id, name: input.name };
    const claimed: typeof wanted = [];
    try {
      for (const each of wanted) {
        claimed.push(each);
        await this.claim(project, each);
      }
    } catch (error) {
      await this.release(project, claimed, true);
      await this.database.principal.deleteMany({ where: { projectId: id } });
      await this.database.project.delete({ where: { id } });
      throw error;
    }
    return this.get(
      {
        ...caller,
        grants: [...caller.grants, { id, projectId: id, projectName: input.name, role: 'admin', expiresAt: null, namespaces: [] }],
      },
      id,
    );
  }

  async addNamespace(caller: Caller, project: ProjectInfo, request: NamespaceRequest): Promise<Project> {
    const [wanted] = await this.resolve([request]);
    try {
      await this.namespaceRow(project.id, wanted!, this.clock.now());
    } catch (error) {
      throw isUniqueViolation(error) ? await this.taken(null, [wanted!], error) : error;
    }
    try {
      await this.claim(project, wanted!);
    } catch (error) {
      await this.database.projectNamespace.deleteMany({
        where: { clusterId: wanted!.clusterId, namespace: wanted!.namespace, projectId: project.id },
      });
      throw error;
    }
    return this.get(caller, project.id);
  }

  async rename(caller: Caller, id: string, displayName: string): Promise<Project> {
    await this.database.project.update({ where: { id }, data: { displayName } });
    return this.get(caller, id);
  }

  /**
   * Bindings and labels go first, then the rows; an unreachable cluster stops it before anything is lost. Only namespaces that Fairlead made and that are named here are deleted.
   * @throws AppError confirm_name, conflict while there are apps
   */
  async remove(project: ProjectInfo, confirm: string, deleteNamespaces: { cluster: string; namespace: string }[]): Promise<void> {
    if (confirm !== project.name) throw new AppError('confirm_name', { name: project.name });
    const row = await this.database.project.findUniqueOrThrow({ where: { id: project.id }, ...full });
    if (row._count.apps > 0)
      throw new AppError('conflict', {
        reason: `The project still has ${row._count.apps} app${row._count.apps === 1 ? '' : 's'}: delete them first.`,
      });
    const doomed = deleteNamespaces.map((each) => {
      const found = row.namespaces.find(
        (n) => n.namespace === each.namespace && (n.cluster.name === each.cluster || n.clusterId === each.cluster),
      );
      if (!found) throw new AppError('not_found', { what: 'namespace', name: each.namespace });
      if (!found.created)
        throw new AppError('conflict', {
          reason: `The namespace ${each.namespace} was there before the project: Fairlead does not delete it.`,
        });
      return found.id;
    });
    for (const each of row.namespaces)
      await this.clusters.releaseNamespace({
        clusterId: each.clusterId,
        namespace: each.namespace,
        projectId: project.id,
        deleteIt: doomed.includes(each.id),
      });
    await this.database.$transaction([
      this.database.principal.deleteMany({ where: { projectId: project.id } }),
      this.database.project.delete({ where: { id: project.id } }),
    ]);
  }

  /** Automatic acts of the project are its own robot's: a deployer, visible among the members, and gone when somebody takes its grant. */
  private ownRobot(project: ProjectInfo, caller: Caller, now: Date) {
    const id = newId();
    const name = `auto-${project.name.slice(0, 40)}-${id.slice(-6)}`;
    const displayName = `${project.name}'s own robot`.slice(0, 100);
    return [
      this.database.principal.create({
        data: { id, kind: 'robot', name, displayName, platformRoles: [], projectId: project.id, createdAt: now },
      }),
      this.database.grant.create({
        data: { id: newId(), projectId: project.id, principalId: id, role: 'deployer', grantedById: caller.id, createdAt: now },
      }),
    ];
  }

  private async resolve(requests: NamespaceRequest[]): Promise<(NamespaceRequest & { clusterId: string; clusterName: string })[]> {
    return Promise.all(
      requests.map(async (request, i) => {
        const cluster = await this.clusters.resolve(request.cluster);
        if (!cluster) throw new AppError('not_found', { what: 'cluster', name: request.cluster });
        if (request.namespace === 'default' || /^(kube|fairlead)-/.test(request.namespace))
          throw new AppError(
            'invalid_request',
            {},
            {
              issues: [
                { path: `namespaces.${i}.namespace`, message: `${request.namespace} belongs to the cluster itself and to no project` },
              ],
            },
          );
        const twice = requests.some((other, j) => j < i && other.namespace === request.namespace && other.cluster === request.cluster);
        if (twice) throw new AppError('invalid_request', {}, { issues: [{ path: `namespaces.${i}`, message: 'is named twice' }] });
        return { ...request, clusterId: cluster.id, clusterName: cluster.name };
      }),
    );
  }

  private namespaceRow(projectId: string, each: { clusterId: string; namespace: string }, now: Date) {
    return this.database.projectNamespace.create({
      data: { id: newId(), projectId, clusterId: each.clusterId, namespace: each.namespace, created: false, createdAt: now },
    });
  }

  private async claim(project: ProjectInfo, each: NamespaceRequest & { clusterId: string }): Promise<void> {
    const { created } = await this.clusters.claimNamespace({
      clusterId: each.clusterId,
      namespace: each.namespace,
      create: each.create,
      project,
    });
    if (created)
      await this.database.projectNamespace.updateMany({
        where: { clusterId: each.clusterId, namespace: each.namespace },
        data: { created: true },
      });
  }

  private async release(project: ProjectInfo, claimed: (NamespaceRequest & { clusterId: string })[], onlyMade: boolean): Promise<void> {
    for (const { clusterId, namespace } of claimed) {
      const row = await this.database.projectNamespace.findUnique({ where: { clusterId_namespace: { clusterId, namespace } } });
      await this.clusters
        .releaseNamespace({ clusterId, namespace, projectId: project.id, deleteIt: onlyMade && row?.created === true })
        .catch((error: unknown) => this.logger.warn({ error, namespace }, 'a namespace could not be released after a failed claim'));
    }
  }

  private async taken(
    name: string | null,
    wanted: { clusterId: string; clusterName: string; namespace: string }[],
    cause: unknown,
  ): Promise<AppError> {
    for (const { clusterId, clusterName, namespace } of wanted) {
      const held = await this.database.projectNamespace.findUnique({ where: { clusterId_namespace: { clusterId, namespace } } });
      if (held)
        return new AppError('namespace_taken', { namespace, cluster: clusterName, reason: 'belongs to a project already.' }, { cause });
    }
    return new AppError('name_taken', { what: 'project', name: name ?? '' }, { cause });
  }

  private projectOf(row: ProjectRow, myRole: Role | null): Project {
    return {
      id: row.id,
      name: row.name,
      displayName: row.displayName,
      myRole,
      namespaces: row.namespaces.map((each) => {
        const { inStep, reason } = this.clusters.bindingState(each.clusterId);
        return {
          id: each.id,
          cluster: each.cluster,
          namespace: each.namespace,
          created: each.created,
          state: inStep ? ('ready' as const) : ('pending' as const),
          reason,
        };
      }),
      apps: row._count.apps,
      members: row._count.grants,
      createdAt: row.createdAt.toISOString(),
    };
  }
}
