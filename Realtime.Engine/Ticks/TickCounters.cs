using Realtime.Engine.Answers;

namespace Realtime.Engine.Ticks;

/// <summary>What the decode loop has done so far. Written by the decode thread, readable from any.</summary>
public sealed class TickCounters
{
    private readonly long[] _byStatus = new long[4];
    private long _ticks;
    private long _epochs;
    private long _boundClosings;
    private long _invalid;
    private long _trials;
    private long _outsideTrials;

    public long Ticks => Volatile.Read(ref _ticks);

    /// <summary>Ticks without an answer on time: late ones, and those held.</summary>
    public long Missed => Of(AnswerStatus.Late) + Of(AnswerStatus.Held);

    /// <summary>Restarts and clock jumps seen.</summary>
    public long EpochChanges => Volatile.Read(ref _epochs);

    /// <summary>Ticks that the lateness bound closed.</summary>
    public long ClosedByBound => Volatile.Read(ref _boundClosings);

    /// <summary>Answers held because a value was not finite or out of its limits.</summary>
    public long Invalid => Volatile.Read(ref _invalid);

    /// <summary>Trials that began.</summary>
    public long Trials => Volatile.Read(ref _trials);

    /// <summary>Ticks outside of trials that a decoder which answers within trials only had nothing to say to.</summary>
    public long OutsideTrials => Volatile.Read(ref _outsideTrials);

    /// <summary>Garbage collections of any generation since warm-up, whole process.</summary>
    public long GcCollections { get; internal set; }

    /// <summary>Bytes the decode thread has allocated since warm-up.</summary>
    public long AllocatedBytes { get; internal set; }

    /// <summary>Ticks since warm-up.</summary>
    public long MeasuredTicks { get; internal set; }

    public long Of(AnswerStatus status) => Volatile.Read(ref _byStatus[(int)status]);

    internal void Count(in TickAnswer answer)
    {
        Volatile.Write(ref _byStatus[(int)answer.Status], _byStatus[(int)answer.Status] + 1);
        if ((answer.Flags & AnswerFlags.ClosedByBound) != 0) Volatile.Write(ref _boundClosings, _boundClosings + 1);
        if ((answer.Flags & AnswerFlags.Invalid) != 0) Volatile.Write(ref _invalid, _invalid + 1);
        Volatile.Write(ref _ticks, _ticks + 1);
    }

    internal void CountTrial() => Volatile.Write(ref _trials, _trials + 1);

    internal void CountOutsideTrial() => Volatile.Write(ref _outsideTrials, _outsideTrials + 1);

    internal void CountEpoch() => Volatile.Write(ref _epochs, _epochs + 1);
}
