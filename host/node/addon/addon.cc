// The shim for JavaScript, one function each, and where signals come from. It holds no policy.
//
// Numbers in, numbers out: what is returned is 0 or above, or a negated errno, as in
// host/shim/shim.h. host/node/addon/addon.ts has the types and says what each function is for.
#include <napi.h>

#include <atomic>
#include <csignal>
#include <cstring>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>
#include <uv.h>
#include <vector>

#define _Static_assert static_assert
extern "C" {
#include "child.h"
#include "shim.h"
}
#undef _Static_assert
#include "abi.h"
#include "source.h"

namespace {

using Napi::CallbackInfo;
using Napi::Value;

int number(const CallbackInfo &info, size_t at) { return info[at].ToNumber().Int32Value(); }

Value answer(const CallbackInfo &info, double result) {
  return Napi::Number::New(info.Env(), result);
}

/** While it lives no signal reaches this thread, as in the static binary at all times. */
class Blocked {
public:
  Blocked() { change(~uint64_t{0}, &before_); }
  ~Blocked() { change(before_, nullptr); }

private:
  /** The C library would leave out the signals of its own. */
  static void change(uint64_t mask, uint64_t *before) {
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, before, sizeof mask);
  }
  uint64_t before_ = 0;
};

/** A function of the shim that takes up to four ints. */
template <auto function, size_t... at>
Value call_with(const CallbackInfo &info, std::index_sequence<at...>) {
  return answer(info, function(number(info, at)...));
}
template <auto function> struct Arity;
template <typename... Args, int (*function)(Args...)> struct Arity<function> {
  static constexpr size_t count = sizeof...(Args);
};
template <auto function> Value call(const CallbackInfo &info) {
  return call_with<function>(info, std::make_index_sequence<Arity<function>::count>());
}

/** The same with this thread's signals blocked: from the background, the kernel stops us else. */
template <auto function> Value call_blocked(const CallbackInfo &info) {
  Blocked blocked;
  return call<function>(info);
}

/** findTerminal(self): BootFlag bits, and the terminal's descriptor or -1. */
Value find_terminal(const CallbackInfo &info) {
  Blocked blocked;
  int terminal = -1;
  int flags = job_control_find(&terminal, number(info, 0));
  Napi::Array both = Napi::Array::New(info.Env(), 2);
  both.Set(0u, flags);
  both.Set(1u, terminal);
  return both;
}

Value now(const CallbackInfo &info) { return answer(info, clock_now()); }
Value uptime(const CallbackInfo &info) {
  return Napi::Number::New(info.Env(), static_cast<double>(clock_uptime()));
}

/** The environment as it is in the process: bytes, not text. */
Value environment(const CallbackInfo &info) {
  Napi::Array list = Napi::Array::New(info.Env());
  uint32_t count = 0;
  for (char **entry = environ; entry != nullptr && *entry != nullptr; entry++)
    list.Set(count++,
             Napi::Buffer<char>::Copy(info.Env(), *entry, std::char_traits<char>::length(*entry)));
  return list;
}

/** Strings of JavaScript's Uint8Arrays, and pointers to them with a NULL behind the last. */
class Strings {
public:
  explicit Strings(const Napi::Array &list) {
    for (uint32_t i = 0; i < list.Length(); i++) {
      auto bytes = list.Get(i).As<Napi::Uint8Array>();
      strings_.emplace_back(reinterpret_cast<const char *>(bytes.Data()), bytes.ByteLength());
    }
    for (const std::string &string : strings_)
      pointers_.push_back(string.c_str());
    pointers_.push_back(nullptr);
  }
  const char **pointers() { return pointers_.data(); }

private:
  std::vector<std::string> strings_;
  std::vector<const char *> pointers_;
};

/** spawn({ argv, env, how, parentDeath, terminal, descriptors }) */
Value spawn_command(const CallbackInfo &info) {
  Napi::Object wish = info[0].As<Napi::Object>();
  auto integer = [&wish](const char *name) { return wish.Get(name).ToNumber().Int32Value(); };
  Strings argv(wish.Get("argv").As<Napi::Array>());
  Strings env(wish.Get("env").As<Napi::Array>());
  Napi::Array list = wish.Get("descriptors").As<Napi::Array>();
  std::vector<int> descriptors;
  for (uint32_t i = 0; i < list.Length(); i++)
    descriptors.push_back(list.Get(i).ToNumber().Int32Value());
  // Node empties the mask as it starts, and takes all dispositions to their defaults: what the
  // process was started with is lost.
  struct inherited inherited = {};
  struct spawn how = {argv.pointers(), env.pointers(),         &inherited,
                      integer("how"),  integer("parentDeath"), integer("terminal")};
  child_descriptors = descriptors.data();
  child_descriptor_count = static_cast<int>(descriptors.size());
  struct spawn_failure failure = {};
  int pid = 0;
  {
    Blocked blocked;
    pid = spawn(&how, &failure);
  }
  child_descriptor_count = 0;
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("pid", pid);
  result.Set("error", failure.error);
  result.Set("reason", failure.reason);
  result.Set("terminal", failure.terminal);
  size_t length = std::char_traits<char>::length(failure.missing);
  result.Set("missing", Napi::Buffer<char>::Copy(info.Env(), failure.missing, length));
  result.Set("machine", failure.machine);
  result.Set("ownMachine", failure.machine == 0 ? 0 : failure.own_machine);
  return result;
}

/** Puts what waitid(2) said into the Int32Array of the last argument: pid, code, status. */
Value child_answer(const CallbackInfo &info, int result, const struct signal_info &child) {
  auto into = info[info.Length() - 1].As<Napi::Int32Array>();
  if (result > 0 && into.ElementLength() >= 3) {
    into[0] = child.from.pid;
    into[1] = child.code;
    into[2] = child.from.status;
  }
  return answer(info, result);
}

Value peek(const CallbackInfo &info) {
  struct signal_info child = {};
  return child_answer(info, children_peek(&child), child);
}

Value look(const CallbackInfo &info) {
  struct signal_info child = {};
  return child_answer(info, children_look(number(info, 0), &child), child);
}

uint32_t half(const CallbackInfo &info, size_t at) { return info[at].ToNumber().Uint32Value(); }

Value queue(const CallbackInfo &info) {
  return answer(info,
                signals_queue(number(info, 0), number(info, 1), half(info, 2), half(info, 3)));
}

Value queue_group(const CallbackInfo &info) {
  return answer(
      info, signals_queue_group(number(info, 0), number(info, 1), half(info, 2), half(info, 3)));
}

/** write(descriptor, bytes), which never blocks. */
Value write_bytes(const CallbackInfo &info) {
  auto bytes = info[1].As<Napi::Uint8Array>();
  Blocked blocked;
  output(number(info, 0), reinterpret_cast<const char *>(bytes.Data()), bytes.ByteLength());
  return info.Env().Undefined();
}

/** closeDescriptor(descriptor) */
Value close_descriptor(const CallbackInfo &info) { return answer(info, close(number(info, 0))); }

int field(const Napi::Object &object, const char *name) {
  return object.Get(name).ToNumber().Int32Value();
}

/** The trace of the one run at a time that there is in the process. */
struct trace trace = {};
uint8_t trace_buffer[TRACE_BUFFER_SIZE];
const uint8_t *core_memory = nullptr;

/** JavaScript has looked at the address: it has made an action of it. */
void copy_from_core(uint32_t address, uint32_t length, char *to) {
  std::memcpy(to, core_memory + address, length);
}

/** A view of the core's state shows where that lies, and all of the core's memory. */
void use_core(const Napi::Uint8Array &state) {
  core_memory = static_cast<const uint8_t *>(state.ArrayBuffer().Data());
  trace.state_address = static_cast<uint32_t>(state.ByteOffset());
  trace.state_length = static_cast<uint32_t>(state.ByteLength());
}

/** An event, and its time for the trace; the bytes stay JavaScript's. */
struct event event_of(const Napi::Object &from) {
  trace.now = from.Get("now").ToNumber().DoubleValue();
  struct event event = {};
  event.kind = field(from, "kind");
  event.signal = field(from, "signal");
  event.code = field(from, "code");
  event.pid = field(from, "pid");
  event.uid = field(from, "uid");
  event.low = field(from, "low");
  event.high = field(from, "high");
  if (from.Get("bytes").IsTypedArray()) {
    auto bytes = from.Get("bytes").As<Napi::Uint8Array>();
    event.bytes = reinterpret_cast<const char *>(bytes.Data());
    event.length = bytes.ByteLength();
  }
  return event;
}

/** traceOpen({ path, limit, sha256, state, boot }) */
Value open_trace(const CallbackInfo &info) {
  Napi::Object wish = info[0].As<Napi::Object>();
  auto path = wish.Get("path").As<Napi::Uint8Array>();
  std::string text(reinterpret_cast<const char *>(path.Data()), path.ByteLength());
  trace.buffer = trace_buffer;
  trace.copy = copy_from_core;
  trace.core_sha256 = wish.Get("sha256").As<Napi::Uint8Array>().Data();
  trace_init(&trace);
  Napi::Array boot = wish.Get("boot").As<Napi::Array>();
  for (uint32_t i = 0; i < boot.Length(); i++) {
    struct event event = event_of(boot.Get(i).As<Napi::Object>());
    trace_keep(&trace, &event);
  }
  use_core(wish.Get("state").As<Napi::Uint8Array>());
  uint32_t limit = wish.Get("limit").ToNumber().Uint32Value();
  return answer(info, trace_open(&trace, text.c_str(), identity_pid(), limit));
}

/** traceAppend(event, actions, state) */
Value append_trace(const CallbackInfo &info) {
  struct event event = event_of(info[0].As<Napi::Object>());
  Napi::Array actions = info[1].As<Napi::Array>();
  use_core(info[2].As<Napi::Uint8Array>());
  trace_begin(&trace, &event, static_cast<int>(actions.Length()));
  for (uint32_t i = 0; i < actions.Length(); i++) {
    Napi::Object from = actions.Get(i).As<Napi::Object>();
    struct action action = {field(from, "kind"), field(from, "a"), field(from, "b"),
                            field(from, "c"),    field(from, "d"), field(from, "e")};
    trace_action(&trace, &action);
  }
  return answer(info, trace_end(&trace));
}

/** traceTrap(event) */
Value trap_trace(const CallbackInfo &info) {
  struct event event = event_of(info[0].As<Napi::Object>());
  trace_trap(&trace, &event);
  return info.Env().Undefined();
}

Value close_trace(const CallbackInfo &info) {
  trace_close(&trace);
  return info.Env().Undefined();
}

std::vector<int> found;
void keep_found(const struct found *process) {
  found.insert(found.end(),
               {process->pid, process->group, process->age_ms, static_cast<int>(process->ignored),
                static_cast<int>(process->ignored >> 32)});
}

Value list_of(const CallbackInfo &info, const std::vector<int> &numbers) {
  Napi::Array list = Napi::Array::New(info.Env(), numbers.size());
  for (uint32_t i = 0; i < numbers.size(); i++)
    list.Set(i, numbers[i]);
  return list;
}

/** processes(pid, uptime): a list, each by its pid, its group, its age and the signals that it
 * ignores (low half, high half), or a negated errno. */
Value processes(const CallbackInfo &info) {
  found.clear();
  auto uptime = static_cast<uint64_t>(info[1].ToNumber().Int64Value());
  int result = processes_list(number(info, 0), uptime, keep_found);
  return result < 0 ? answer(info, result) : list_of(info, found);
}

uv_loop_t *loop_of(Napi::Env env) {
  uv_loop_t *loop = nullptr;
  napi_get_uv_event_loop(env, &loop);
  return loop;
}

/** loopChildren(): the pids of the processes that libuv started on this thread, and waits for. */
Value loop_children(const CallbackInfo &info) {
  std::vector<int> pids;
  uv_walk(
      loop_of(info.Env()),
      [](uv_handle_t *handle, void *list) {
        if (uv_handle_get_type(handle) == UV_PROCESS && !uv_is_closing(handle))
          static_cast<std::vector<int> *>(list)->push_back(
              uv_process_get_pid(reinterpret_cast<uv_process_t *>(handle)));
      },
      &pids);
  return list_of(info, pids);
}

/** One at a time may have the process, whichever thread or copy of this package it comes from. */
std::atomic<bool> claimed{false};

/** claim(): whether it was free. release(): it is free again. */
Value claim(const CallbackInfo &info) { return answer(info, claimed.exchange(true) ? 0 : 1); }
Value release(const CallbackInfo &info) {
  claimed.store(false);
  return info.Env().Undefined();
}

/** Exits at once: no handlers, no terminal modes put back. */
Value leave(const CallbackInfo &info) { _exit(number(info, 0)); }

/**
 * stopSelf(pid, signal): by the signal's default action; returns when we go on. The SIGCONT that
 * ended the stop is the next to be read: no thread takes signals, so that it waits for us to take
 * it.
 */
Value stop_self(const CallbackInfo &info) {
  int signal = number(info, 1);
  Blocked blocked;
  struct signal_info cont = {};
  int result = job_control_stop(number(info, 0), signal, &cont);
  source_handle(signal, true);
  if (result >= 0)
    source_put({SIGCONT, cont.code, cont.from.pid, cont.from.uid, 0, 0});
  return answer(info, result);
}

/** A function of JavaScript that libuv calls back, in its own handle. */
template <typename Handle> struct Watcher {
  Handle handle;
  Napi::FunctionReference callback;

  /**
   * While Node is ending no JavaScript can run any more, though libuv still calls back: then
   * nothing happens, where a call of node-addon-api would end the process.
   */
  void call(std::initializer_list<napi_value> args = {}) {
    napi_env env = callback.Env();
    napi_value thrown = nullptr;
    napi_status status = napi_make_callback(env, nullptr, callback.Env().Global(), callback.Value(),
                                            args.size(), args.begin(), nullptr);
    if (status == napi_pending_exception &&
        napi_get_and_clear_last_exception(env, &thrown) == napi_ok)
      napi_fatal_exception(env, thrown);
  }
  void close() {
    uv_close(reinterpret_cast<uv_handle_t *>(&handle),
             [](uv_handle_t *closed) { delete static_cast<Watcher *>(closed->data); });
  }
};

/** listen(callback): own handlers for all signals; calls back when there is something to read. */
Value listen(const CallbackInfo &info) {
  int descriptor = source_open();
  if (descriptor < 0)
    return answer(info, descriptor);
  auto *watcher = new Watcher<uv_poll_t>();
  watcher->callback = Napi::Persistent(info[0].As<Napi::Function>());
  watcher->handle.data = watcher;
  uv_poll_init(loop_of(info.Env()), &watcher->handle, descriptor);
  return answer(info, uv_poll_start(&watcher->handle, UV_READABLE, [](uv_poll_t *handle, int, int) {
                  auto *mine = static_cast<Watcher<uv_poll_t> *>(handle->data);
                  Napi::HandleScope scope(mine->callback.Env());
                  mine->call();
                }));
}

/** read(records): fills an Int32Array, six numbers a signal; returns how many signals. */
Value read_signals(const CallbackInfo &info) {
  auto records = info[0].As<Napi::Int32Array>();
  size_t most = records.ByteLength() / sizeof(SignalRecord);
  return answer(info, source_read(reinterpret_cast<SignalRecord *>(records.Data()), most));
}

using SignalWatcher = Watcher<uv_signal_t>;

/**
 * watch(signal, callback, background): through libuv, beside all others that watch it. In the
 * background it keeps no program from its end. Returns an object.
 */
Value watch(const CallbackInfo &info) {
  auto *watcher = new SignalWatcher();
  watcher->callback = Napi::Persistent(info[1].As<Napi::Function>());
  watcher->handle.data = watcher;
  uv_signal_init(loop_of(info.Env()), &watcher->handle);
  int result = uv_signal_start(
      &watcher->handle,
      [](uv_signal_t *handle, int signal) {
        auto *mine = static_cast<SignalWatcher *>(handle->data);
        Napi::Env env = mine->callback.Env();
        Napi::HandleScope scope(env);
        mine->call({Napi::Number::New(env, signal)});
      },
      number(info, 0));
  if (result < 0) {
    watcher->close();
    return answer(info, result);
  }
  if (info[2].ToBoolean())
    uv_unref(reinterpret_cast<uv_handle_t *>(&watcher->handle));
  return Napi::External<SignalWatcher>::New(info.Env(), watcher);
}

/** unwatch(object) */
Value unwatch(const CallbackInfo &info) {
  info[0].As<Napi::External<SignalWatcher>>().Data()->close();
  return info.Env().Undefined();
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  auto add = [&](const char *name, Value (*function)(const CallbackInfo &)) {
    exports.Set(name, Napi::Function::New(env, function, name));
  };
  add("pid", call<identity_pid>);
  add("user", call<identity_user>);
  add("now", now);
  add("uptime", uptime);
  add("environment", environment);
  add("spawn", spawn_command);
  add("send", call<signals_send>);
  add("queue", queue);
  add("queueGroup", queue_group);
  add("stopSelf", stop_self);
  add("peek", peek);
  add("look", look);
  add("take", call<children_take>);
  add("detach", call<children_detach>);
  add("adopt", call<children_adopt>);
  add("adopts", call<children_adopts>);
  add("inGroup", call<children_in_group>);
  add("parentDeath", call<children_parent_death>);
  add("loopChildren", loop_children);
  add("descends", call<processes_descends>);
  add("processes", processes);
  add("sendProcess", call<processes_send>);
  add("findTerminal", find_terminal);
  add("releaseTerminal", call<job_control_release>);
  add("giveForeground", call_blocked<job_control_give>);
  add("takeForeground", call_blocked<job_control_take>);
  add("leaveDirectory", call<directory_leave>);
  add("closeDescriptor", close_descriptor);
  add("write", write_bytes);
  add("traceOpen", open_trace);
  add("traceAppend", append_trace);
  add("traceTrap", trap_trace);
  add("traceClose", close_trace);
  add("listen", listen);
  add("read", read_signals);
  add("watch", watch);
  add("unwatch", unwatch);
  add("claim", claim);
  add("release", release);
  add("leave", leave);
  return exports;
}

} // namespace

NODE_API_MODULE(NODE_GYP_MODULE_NAME, init)
