namespace Realtime.Models.Neuroformer;

/// <summary>Moments of video frames by their running number, ascending.</summary>
internal interface IShownFrames
{
    /// <summary>Number of the oldest one that may be used.</summary>
    long First { get; }

    /// <summary>Number after the newest one.</summary>
    long Next { get; }

    /// <summary>When it was shown, ns.</summary>
    long Time(long number);
}
