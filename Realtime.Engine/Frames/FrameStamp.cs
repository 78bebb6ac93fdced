namespace Realtime.Engine.Frames;

/// <summary>When a video frame was shown.</summary>
/// <param name="Sample">Sample number on the reference stream's clock; <see cref="NoSample"/> where the sender does not know it.</param>
/// <param name="ArrivalNs">Host time of arrival, which then stands for it.</param>
/// <param name="AreBytes">Whether its pixels are whole numbers from 0 to 255.</param>
public readonly record struct FrameStamp(long Sample, long ArrivalNs, bool AreBytes = false)
{
    public const long NoSample = -1;
}
