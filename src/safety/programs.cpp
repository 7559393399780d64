// Which function knows a program.
#include "safety/programs.hpp"

#include "safety/tables.hpp"
#include "util/text.hpp"

namespace rustchain {
namespace {

constexpr ProgramRow k_rows[] = {
    {run_env, "env printenv genv"},
    {run_tmux, "tmux"},
    {run_command_word, "command"},
    {run_busybox, "busybox toybox"},
    {run_xargs, "xargs gxargs"},
    {run_parallel, "parallel sem"},
    {run_find, "find gfind"},
    {run_fd, "fd fdfind"},
    {run_ssh, "ssh mosh rsh plink autossh"},
    {run_fleet, "ansible salt pssh pdsh clush parallel-ssh fab"},
    {run_container, "docker podman nerdctl kubectl oc k3s lxc"},
    {run_shell, "sh bash dash zsh ksh mksh ash rbash fish csh tcsh"},
    {run_awk, "awk gawk mawk nawk"},
    {run_windows_shell, "cmd powershell pwsh invoke-expression"},
    {run_echo, "echo"},
    {run_printf, "printf"},
    {run_cat, "cat gcat"},
    {run_base64, "base64 base32 basenc gbase64"},
    {run_decoder,
     "gunzip zcat bunzip2 bzcat unxz xzcat unzstd zstdcat uudecode openssl xxd uncompress lz4cat"},
    {run_tee, "tee sponge"},
    {run_reader,
     "head tail less more bat batcat tac nl od hexdump hd strings sort uniq cut paste rev fold fmt column "
     "diff cmp "
     "comm jq yq xq tr wc md5sum sha1sum sha256sum sha512sum pr expand join split csplit type-file "
     "iconv get-content"},
    {run_sed, "sed gsed"},
    {run_searcher, "grep egrep fgrep zgrep rg ag ack ugrep pcregrep"},
    {run_small_output,
     "pwd mktemp which basename dirname realpath readlink whoami date uname hostname id nproc seq ssh-agent "
     "dircolors brew "
     "pyenv nodenv goenv starship zoxide fnm keychain thefuck luarocks resize tput "
     "register-python-argcomplete history fc"},
    {run_remover,
     "rm rmdir unlink shred wipe srm rimraf trash del erase rd remove-item ri grm trash-put del-cli "
     "clear-content"},
    {run_copier, "cp mv ln install gcp gmv ditto copy-item move-item"},
    {run_dd, "dd dcfldd dc3dd"},
    {run_maker, "touch mkdir truncate fallocate mkfifo mknod mkswap-file"},
    {run_mode, "chmod chown chgrp setfacl chattr"},
    {run_disk_tool,
     "mkfs mke2fs wipefs fdisk sfdisk cfdisk gdisk sgdisk parted blkdiscard mkswap cryptsetup mdadm zpool "
     "zfs hdparm "
     "badblocks diskutil newfs mkdosfs mkexfatfs format lvremove vgremove pvremove pvcreate diskpart mkntfs "
     "nvme"},
    {run_archiver, "tar gtar bsdtar zip unzip gzip bzip2 xz zstd 7z 7za gpg gpg2 rar"},
    {run_transfer, "rsync scp sftp rcp"},
    {run_editor, "vi vim nvim ex ed view nano emacs code-editor gdb lldb"},
    {run_git, "git"},
    {run_curl, "curl"},
    {run_wget, "wget aria2c"},
    {run_httpie, "http https xh xhs"},
    {run_fetcher,
     "fetch lynx links elinks w3m get lwp-request lwp-download ftp tftp iwr irm invoke-webrequest "
     "invoke-restmethod certutil bitsadmin start-bitstransfer"},
    {run_make, "make gmake just"},
    {run_netcat, "nc ncat netcat socat telnet socket cryptcat"},
    {run_kill, "kill killall pkill killall5 taskkill skill"},
    {run_service,
     "systemctl service launchctl rc-service initctl sc supervisorctl rcctl chkconfig update-rc.d"},
    {run_schedule, "crontab at batch schtasks"},
    {run_database,
     "psql mysql mariadb sqlite3 sqlite duckdb mongo mongosh redis-cli valkey-cli keydb-cli dropdb dropuser "
     "mysqladmin "
     "mariadb-admin pg_restore pg_ctl pg_dropcluster bq cqlsh clickhouse-client clickhouse snowsql sqlcmd "
     "trino presto "
     "spark-sql cockroach cockroach-sql pgcli mycli litecli usql iredis sqlplus isql influx"},
};
constexpr ProgramRow k_wrapper = {run_wrapper, ""}, k_interpreter = {run_interpreter, ""};

}  // namespace

std::span<const ProgramRow> program_rows() {
  return k_rows;
}

const ProgramRow* find_program(std::string_view program) {
  if (auto found = find_in<k_rows>(program); !found.empty()) return &k_rows[found[0].row];
  if (program.starts_with("mkfs.") || program.starts_with("newfs_")) return find_program("mkfs");
  if (is_wrapper(program)) return &k_wrapper;
  if (is_interpreter(program)) return &k_interpreter;
  return nullptr;
}

ProgramFunction find_program_function(std::string_view program) {
  const ProgramRow* row = find_program(program);
  return row != nullptr ? row->function : nullptr;
}

}  // namespace rustchain
