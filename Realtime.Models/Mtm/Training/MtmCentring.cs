using System.Runtime.InteropServices;
using Realtime.Models.Weights;

namespace Realtime.Models.Mtm.Training;

/// <summary>
/// Centred inputs are a matter of training alone: in model files the stitchers' biases take the means off, and the network reads counts as they are.
/// Changes nothing for recordings whose inputs are not centred. Any thread.
/// </summary>
internal static class MtmCentring
{
    /// <summary>Tensors as trained to those of a file: bias - weight × means.</summary>
    public static IReadOnlyList<TensorData> ToFile(IReadOnlyList<TensorData> tensors, IReadOnlyList<MtmRecording> recordings, IReadOnlyList<MtmSession> sessions)
    {
        var named = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        foreach (var (recording, session) in recordings.Zip(sessions)) Move(named, recording, session, -1);
        return [.. tensors.Select(tensor => named[tensor.Name])];
    }

    /// <summary>Tensors of a file to those that training begins with: bias + weight × means.</summary>
    /// <param name="tensors">By name; changed.</param>
    /// <param name="recordings">Those whose stitchers are from the file.</param>
    public static void FromFile(Dictionary<string, TensorData> tensors, IEnumerable<(MtmRecording Recording, MtmSession Session)> recordings)
    {
        foreach (var (recording, session) in recordings) Move(tensors, recording, session, 1);
    }

    private static void Move(Dictionary<string, TensorData> tensors, MtmRecording recording, MtmSession session, int sign)
    {
        if (!recording.IsCentred) return;
        var stitcher = MtmWeights.StitcherName(session.Stitcher);
        var weight = Values(tensors[$"{stitcher}.weight"]);
        var bias = Values(tensors[$"{stitcher}.bias"]).ToArray();
        for (var channel = 0; channel < bias.Length; channel++)
        {
            double sum = bias[channel];
            for (var neuron = 0; neuron < recording.Neurons; neuron++) sum += sign * (double)weight[channel * recording.Neurons + neuron] * recording.Means[neuron];
            bias[channel] = (float)sum;
        }

        tensors[$"{stitcher}.bias"] = TensorData.Of($"{stitcher}.bias", bias, bias.Length);
    }

    private static ReadOnlySpan<float> Values(TensorData tensor) => MemoryMarshal.Cast<byte, float>(tensor.Bytes);
}
