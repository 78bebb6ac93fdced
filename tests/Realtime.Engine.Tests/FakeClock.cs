using Realtime.Engine.Time;

namespace Realtime.Engine.Tests;

/// <summary>A clock that stands still until told.</summary>
internal sealed class FakeClock : IClock
{
    public long NowNs { get; set; }
}
