"""What the threads of `crew` do in machine code: wait, take calls from a list in memory, make them, and tell of it."""

from convstudio.core.ops.jit.native import CALL_BYTES

LINE = 8  # numbers of 64 bits in a line of the cache: what threads change at the same time lies in different ones
MEMBER = 3 * LINE  # of a thread: whether it is called, and semaphores to start it and to tell that it is done
TRIES = 2000  # to see that another is done before this thread goes to sleep, which takes as long

# In LLVM's language. %work is the number of the next item, and on the next line of the cache the address of a list: how
# many items there are, the call with which each begins, how many calls, and these. Who takes back that a thread is
# called knows that it has not begun, and will not.
TEXT = f"""
define void @perform(ptr %calls, i64 %count) {{
start:
  br label %some

some:
  %n = phi i64 [0, %start], [%n.next, %call]
  %is.more = icmp ult i64 %n, %count
  br i1 %is.more, label %call, label %end

call:
  %skip = mul i64 %n, {CALL_BYTES}
  %at = getelementptr i8, ptr %calls, i64 %skip
  %entry = load ptr, ptr %at
  %arguments = getelementptr i64, ptr %at, i64 1
  call void %entry(ptr %arguments)
  %n.next = add i64 %n, 1
  br label %some

end:
  ret void
}}

define void @take(ptr %work) {{
start:
  %list.at = getelementptr i64, ptr %work, i64 {LINE}
  %list = load ptr, ptr %list.at
  %items = load i64, ptr %list
  %calls.place = add i64 %items, 2
  %calls = getelementptr i64, ptr %list, i64 %calls.place
  br label %next

next:
  %item = atomicrmw add ptr %work, i64 1 seq_cst
  %is.item = icmp ult i64 %item, %items
  br i1 %is.item, label %some, label %end

some:
  %place = add i64 %item, 1
  %first.at = getelementptr i64, ptr %list, i64 %place
  %after.at = getelementptr i64, ptr %first.at, i64 1
  %first = load i64, ptr %first.at
  %after = load i64, ptr %after.at
  %count = sub i64 %after, %first
  %skip = mul i64 %first, {CALL_BYTES}
  %at = getelementptr i8, ptr %calls, i64 %skip
  call void @perform(ptr %at, i64 %count)
  br label %next

end:
  ret void
}}

define void @serve(ptr %work, ptr %member, ptr %wait, ptr %post) {{
start:
  %begin = getelementptr i64, ptr %member, i64 {LINE}
  %done = getelementptr i64, ptr %member, i64 {2 * LINE}
  br label %sleep

sleep:
  %woken = call i32 %wait(ptr %begin)
  %called = atomicrmw xchg ptr %member, i64 0 seq_cst
  %is.called = icmp ne i64 %called, 0
  br i1 %is.called, label %help, label %sleep

help:
  call void @take(ptr %work)
  %told = call i32 %post(ptr %done)
  br label %sleep
}}

define void @begin(ptr %work, ptr %members, i64 %count, ptr %post, ptr %list) {{
start:
  %list.at = getelementptr i64, ptr %work, i64 {LINE}
  store i64 0, ptr %work
  store ptr %list, ptr %list.at
  br label %next

next:
  %n = phi i64 [0, %start], [%n.next, %some]
  %is.more = icmp ult i64 %n, %count
  br i1 %is.more, label %some, label %end

some:
  %place = mul i64 %n, {MEMBER}
  %member = getelementptr i64, ptr %members, i64 %place
  %begin = getelementptr i64, ptr %member, i64 {LINE}
  %before = atomicrmw xchg ptr %member, i64 1 seq_cst
  %told = call i32 %post(ptr %begin)
  %n.next = add i64 %n, 1
  br label %next

end:
  ret void
}}

define void @finish(ptr %work, ptr %members, i64 %count, ptr %try, ptr %wait) {{
start:
  call void @take(ptr %work)
  br label %next

next:
  %n = phi i64 [0, %start], [%n.next, %gone]
  %is.more = icmp ult i64 %n, %count
  br i1 %is.more, label %some, label %end

some:
  %place = mul i64 %n, {MEMBER}
  %member = getelementptr i64, ptr %members, i64 %place
  %done = getelementptr i64, ptr %member, i64 {2 * LINE}
  %called = atomicrmw xchg ptr %member, i64 0 seq_cst
  %is.asleep = icmp ne i64 %called, 0
  br i1 %is.asleep, label %gone, label %look

look:
  %tries = phi i64 [{TRIES}, %some], [%tries.left, %look.again]
  %seen = call i32 %try(ptr %done)
  %is.seen = icmp eq i32 %seen, 0
  br i1 %is.seen, label %gone, label %look.again

look.again:
  %tries.left = sub i64 %tries, 1
  %is.patient = icmp ne i64 %tries.left, 0
  br i1 %is.patient, label %look, label %sleep

sleep: ; a signal can end it
  %woken = call i32 %wait(ptr %done)
  %is.done = icmp eq i32 %woken, 0
  br i1 %is.done, label %gone, label %sleep

gone:
  %n.next = add i64 %n, 1
  br label %next

end:
  ret void
}}
"""
