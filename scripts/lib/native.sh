# Paths and the key of the native build; sourced by scripts/bootstrap and scripts/swift. Sets variables, runs nothing else.

data="${XDG_DATA_HOME:-${HOME:?HOME is not set}/.local/share}/parley"
cache="${XDG_CACHE_HOME:-${HOME:?HOME is not set}/.cache}/parley"

# Options that change the objects; tools and tests are left out, so only `llama` and `llama-bench` are ever built.
llama_options=(
    -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF
    -DCMAKE_C_FLAGS=-fPIE -DCMAKE_CXX_FLAGS=-fPIE
    -DGGML_NATIVE=ON -DGGML_OPENMP=OFF -DGGML_CCACHE=OFF
    -DLLAMA_OPENSSL=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF
    -DLLAMA_BUILD_SERVER=OFF -DLLAMA_BUILD_APP=OFF -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF
)

# What this CPU can do, one line: a build for another CPU would crash or run slowly here.
cpu_features() {
    if [ -r /proc/cpuinfo ]; then
        grep -m1 -E '^(flags|Features)[[:space:]]*:' /proc/cpuinfo || true
        grep -m1 -E '^(model name|CPU part)[[:space:]]*:' /proc/cpuinfo || true
    else
        uname -m
    fi
}

# Digest of everything the objects depend on: source archive, CPU, compiler, options.
native_key() {
    {
        cat "$root/scripts/requirements-llama.txt"
        uname -m
        cpu_features
        g++ --version 2>/dev/null | head -n 1
        printf '%s\n' "${llama_options[@]}"
    } | sha256sum | cut -c1-16
}

# Folder of the native build for this machine.
native_folder() {
    printf '%s/native/%s\n' "$cache" "$(native_key)"
}
