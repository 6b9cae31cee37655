# Sourced by ./quickstart and ./check: packages, and words for the person who started them.

# What the build needs on Debian 12.
build_packages=(g++ cmake ninja-build pkg-config git libboost1.81-dev libhdf5-dev libxxhash-dev libssl-dev libtomlplusplus-dev
                libcli11-dev libfmt-dev librandom123-dev libeigen3-dev libceres-dev libcairo2-dev nlohmann-json3-dev
                gnuplot-nox fonts-dejavu-core)
# What the tests need besides.
test_packages=(catch2 librapidcheck-dev python3 python3-sbml5 python3-xarray python3-h5netcdf python3-netcdf4 python3-pip python3-venv
               python3-matplotlib python3-mypy python3-nbconvert python3-ipykernel pybind11-dev python3-dev clang libclang-rt-dev clang-format libomp-dev
               libsundials-dev libsuitesparse-dev llvm r-base-core r-cran-survival chromium python3-sphinx python3-myst-parser furo doxygen libjs-katex
               esbuild emscripten valgrind dpkg-dev file lintian mandoc)
# Debian's npm brings Debian's node; where another one is installed, that one stays.
command -v npm > /dev/null || test_packages+=(npm)

say() { printf '\n== %s\n' "$*"; }

# Installs those of the named packages that are missing; without the right to do so, prints the line to run and stops.
need_packages()
{
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    local install="apt-get install -y --no-install-recommends --no-remove ${missing[*]}"
    local become=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null || { ! sudo -n true 2>/dev/null && [ ! -t 0 ]; }; then
            printf 'Packages are missing, and only root may install them. Please run:\n  sudo apt-get update && sudo %s\n' "$install" >&2
            exit 2
        fi
        become=(sudo)
    fi
    local log
    log=$(mktemp)
    say "installing ${#missing[@]} packages: ${missing[*]}"
    if ! { "${become[@]}" apt-get update -q && "${become[@]}" env DEBIAN_FRONTEND=noninteractive $install -q; } > "$log" 2>&1; then
        tail -n 20 "$log" >&2
        printf 'The packages could not be installed. Please run:\n  sudo apt-get update && sudo %s\n' "$install" >&2
        printf 'libboost1.81-dev and libboost1.74-dev exclude each other: if the latter is installed, remove it first.\n' >&2
        exit 2
    fi
    rm -f "$log"
}
