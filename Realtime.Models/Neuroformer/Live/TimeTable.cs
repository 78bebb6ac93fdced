using Realtime.Models.Kernels;

namespace Realtime.Models.Neuroformer.Live;

/// <summary>The time embedding of each dt token: there are only so many.</summary>
internal static class TimeTable
{
    /// <summary>[D, C].</summary>
    public static float[] Of(NeuroformerTimeWeights? weights, NeuroformerConfig config, KernelSet kernels)
    {
        var table = new float[config.DtWords * config.NEmbd];
        float[] times = [.. Enumerable.Range(0, config.DtWords).Select(token => (float)token)];
        new NeuroformerTime(weights, config.NEmbd, kernels).AddTo(times, table);
        return table;
    }
}
