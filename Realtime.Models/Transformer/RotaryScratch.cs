namespace Realtime.Models.Transformer;

/// <summary>Room for the angles of one time; one thread at a time.</summary>
public sealed class RotaryScratch(int pairs)
{
    public double[] Turns { get; } = new double[pairs];

    public float[] Cos { get; } = new float[pairs];

    public float[] Sin { get; } = new float[pairs];
}
