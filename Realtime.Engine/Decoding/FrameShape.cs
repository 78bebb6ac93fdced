namespace Realtime.Engine.Decoding;

/// <summary>Size of one video frame, in pixels.</summary>
public readonly record struct FrameShape(int Height, int Width)
{
    public int Pixels => Height * Width;

    public override string ToString() => $"{Height} x {Width}";
}
