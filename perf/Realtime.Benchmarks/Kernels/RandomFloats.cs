namespace Realtime.Benchmarks.Kernels;

/// <summary>Inputs of about the models' size, the same in every run.</summary>
internal static class RandomFloats
{
    public static float[] Make(int count, double from = -2, double to = 2)
    {
        var random = new Random(count);
        var values = new float[count];
        for (var i = 0; i < count; i++) values[i] = (float)(from + (to - from) * random.NextDouble());
        return values;
    }
}
