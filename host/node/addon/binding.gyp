{
  "targets": [
    {
      "target_name": "wasm-init",
      "sources": [
        "addon.cc",
        "source.cc",
        "child.c",
        "../../shim/children.c",
        "../../shim/clock.c",
        "../../shim/descriptors.c",
        "../../shim/exec.c",
        "../../shim/exec_failure.c",
        "../../shim/guard.c",
        "../../shim/identity.c",
        "../../shim/job_control.c",
        "../../shim/listing.c",
        "../../shim/output.c",
        "../../shim/processes.c",
        "../../shim/record.c",
        "../../shim/signals.c",
        "../../shim/spawn.c",
        "../../shim/terminal.c",
        "../../shim/trace_writer.c",
        "../../shim/vfork.S",
      ],
      "include_dirs": ["../../shim", "<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_VERSION=8", "NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS", "SHARED_PROCESS"],
      "cflags": ["-fvisibility=hidden", "-Wall", "-Wextra"],
      "cflags_c": ["-std=c11", "-ffreestanding", "-fno-stack-protector"],
      "cflags_cc": ["-std=c++17"],
      "ldflags": ["-Wl,-z,noexecstack", "-s"],
    }
  ]
}
