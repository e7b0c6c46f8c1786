// SPDX-License-Identifier: MIT
// When a lifetime that the kernel tells again is another one. It tells what is left, counted from each message, so
// the same moment comes out a little different each time.
#pragma once

#include "base/clock.h"

namespace mif::table {

// Whether two deadlines mean one moment: the kernel rounds down to whole seconds.
bool isSameMoment(base::Deadline a, base::Deadline b);

// Whether a lifetime moved enough to be told (MIF-41): from or to "for ever", or by more than 60 s and more than
// a tenth of what was left at `now`. Two deadlines in the past are the same.
bool isWorthTelling(base::Deadline reported, base::Deadline present, base::Deadline now);

}  // namespace mif::table
