import { isAllowedFromParent } from '../run/variables.ts';

/** What a command finds in its environment without being given it; see "What a command gets". */

/** Variables that the shells set by themselves. */
const FROM_SHELL =
  /^(?:_|PWD|OLDPWD|PPID|IFS|OPTARG|OPTIND|OPTERR|REPLY|RANDOM|SRANDOM|SECONDS|LINENO|HOSTNAME|HOSTTYPE|OSTYPE|MACHTYPE|UID|EUID|GROUPS|SHLVL|SHELLOPTS|FUNCNAME|PIPESTATUS|DIRSTACK|COLUMNS|LINES|MAPFILE|COPROC|PS[0-4]|EPOCH(?:SECONDS|REALTIME)|BASH\w*|COMP_\w*)$/;

/** What programs read from the environment themselves, so that no code needs to name it. */
const READ_BY_PROGRAMS =
  /^(?:PG[A-Z]+|AWS_\w+|KUBE\w+|VAULT_\w+|RESTIC_\w+|RCLONE_\w+|MYSQL_\w+|REDISCLI_\w+|GOOGLE_\w+|CLOUDSDK_\w+|AZURE_\w+|ARM_\w+|DOCKER_\w+|HELM_\w+|TF_\w+|CONSUL_\w+|NOMAD_\w+|ETCDCTL_\w+|VELERO_\w+|ANSIBLE_\w+|GIT_\w+|SSL_\w+|CURL_\w+|LC_\w+|\w+_proxy|\w+_PROXY)$/;

export function isFromEnvironment(name: string): boolean {
  return (
    isAllowedFromParent(name) || /^MUSTER_(?:RUN|STEP|ATTEMPT)$/.test(name) || FROM_SHELL.test(name)
  );
}

export function isReadByPrograms(name: string): boolean {
  return READ_BY_PROGRAMS.test(name);
}
