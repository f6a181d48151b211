#!/usr/bin/env bash
# Builds the Dockerfile and tries the image with no container engine: a base image is bootstrapped from Debian's packages
# under the name the Dockerfile asks for, buildah builds on it in a chroot, and the tests marked `image` run what came out.
# Everything lies in one temporary directory that is removed at the end. SAGEMAKER_EMULATOR_IMAGE_CACHE, a directory, keeps
# the bootstrapped base for the next time.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${1:?usage: tools/image.sh PYTHON, the one that has the development dependencies}
suite=trixie # the one that has the Dockerfile's version of Python

skip() {
    echo "image-test: SKIPPED, nothing was built: $1" >&2
    exit 0
}
[ "$(uname -s)" = Linux ] || skip "images are built on Linux only"
[ "$(id -u)" = 0 ] || skip "a chroot needs root"
for tool in buildah debootstrap; do
    command -v "$tool" >/dev/null || skip "there is no $tool (apt-get install buildah debootstrap)"
done

say() { echo "image-test: $1 (after ${SECONDS} s)"; }
quietly() { # run a command whose words matter only if it fails
    "$@" >"$work/log" 2>&1 && return
    tail -n 40 "$work/log" >&2
    echo "image-test: FAILED in $1" >&2
    exit 1
}

work=$(mktemp -d "${TMPDIR:-/tmp}/sagemaker-emulator-image.XXXXXX")
clean() {
    buildah rm --all >/dev/null 2>&1 || true
    rm -rf --one-file-system "$work"
}
trap clean EXIT

# buildah keeps to the directory, and asks no registry.
mkdir -p "$work/run" "$work/tmp"
printf '[storage]\ndriver = "vfs"\ngraphroot = "%s/storage"\nrunroot = "%s/run"\n' "$work" "$work" >"$work/storage.conf"
printf 'unqualified-search-registries = ["localhost"]\nshort-name-mode = "disabled"\n' >"$work/registries.conf"
printf '{"default": [{"type": "insecureAcceptAnything"}]}\n' >"$work/policy.json"
export BUILDAH_ISOLATION=chroot CONTAINERS_STORAGE_CONF=$work/storage.conf CONTAINERS_REGISTRIES_CONF=$work/registries.conf
export TMPDIR=$work/tmp

# The base: Debian's Python in the place of the base image's, with this machine's certificates and without bytecode.
base=localhost/$(sed -n 's/^ARG PYTHON=//p' Dockerfile)
archive=${SAGEMAKER_EMULATOR_IMAGE_CACHE:-$work}/base-$suite.tar
if [ ! -f "$archive" ]; then
    mkdir -p "$(dirname "$archive")"
    # shellcheck disable=SC2016 # apt-get expands it
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null | grep -m1 '/debian/*$' || true)
    # shellcheck disable=SC2086 # no mirror, no argument: debootstrap then has its own
    quietly debootstrap --variant=minbase --include=ca-certificates,python3,python3-pip,python3-venv \
        "$suite" "$work/root" $mirror
    for certificates in "${PIP_CERT:-}" "${REQUESTS_CA_BUNDLE:-}" "${SSL_CERT_FILE:-}" /etc/ssl/certs/ca-certificates.crt; do
        [ -f "$certificates" ] && break
    done
    cp "$certificates" "$work/root/etc/ssl/certs/ca-certificates.crt"
    ln -s /usr/bin/python3 "$work/root/usr/local/bin/python"
    rm -rf "$work"/root/var/{cache,lib}/apt "$work"/root/usr/share/{doc,man,locale}
    find "$work/root" -depth -name __pycache__ -exec rm -rf {} +
    tar -cf "$archive.part" -C "$work/root" .
    mv "$archive.part" "$archive"
    rm -rf --one-file-system "$work/root"
fi
container=$(buildah from scratch)
buildah add --quiet "$container" "$archive" / >/dev/null
buildah config --env PATH=/usr/local/bin:/usr/bin:/bin --cmd python "$container"
buildah commit --quiet --rm "$container" "$base" >/dev/null
say "base of $(buildah images --format '{{.Size}}' "$base")"

# pip finds its packages as it does here: the settings become a secret of the build, the directories they name volumes.
volumes=()
while IFS= read -r directory; do volumes+=(--volume "$directory:$directory:ro"); done < <(
    "$python" -m pip config list | "$python" tools/pip_settings.py "$work/pip.conf" /etc/ssl/certs/ca-certificates.crt
)
image=localhost/sagemaker-emulator:test
quietly buildah build --pull-never --format docker --signature-policy "$work/policy.json" \
    --build-arg "PYTHON=$base" --secret "id=pip,src=$work/pip.conf" ${volumes[@]+"${volumes[@]}"} --tag "$image" .
say "image of $(buildah images --format '{{.Size}}' "$image")"

SAGEMAKER_EMULATOR_IMAGE=$image "$python" -m pytest -m image tests/image
