namespace Realtime.Models.Poyo;

/// <summary>Refuses a batch whose arrays do not fit each other or a model's tables.</summary>
internal static class PoyoBatchCheck
{
    /// <exception cref="ArgumentException">The message names the array.</exception>
    public static void Check(PoyoBatch batch, PoyoWeights weights)
    {
        var dim = weights.Config.Dim;
        var (inputs, latents, outputs) = (batch.Samples * batch.Tokens, batch.Samples * batch.Latents, batch.Samples * batch.Queries);
        Indices("input_unit_index", batch.InputUnits, inputs, weights.Units.Length / dim);
        Indices("input_token_type", batch.InputTypes, inputs, PoyoTokenType.Rows);
        Times("input_timestamps", batch.InputTimes, inputs);
        if (batch.InputMask is { } inputMask) Length("input_mask", inputMask.Length, inputs);
        Indices("latent_index", batch.LatentIndex, latents, weights.Latents.Length / dim);
        Times("latent_timestamps", batch.LatentTimes, latents);
        Indices("session_index", batch.Sessions, batch.Samples, weights.Sessions.Length / dim);
        Times("output_timestamps", batch.OutputTimes, outputs);
        if (batch.OutputMask is { } outputMask) Length("output_mask", outputMask.Length, outputs);
    }

    private static void Indices(string name, int[] values, int length, int rows)
    {
        Length(name, values.Length, length);
        var at = Array.FindIndex(values, value => (uint)value >= (uint)rows);
        if (at >= 0) throw new ArgumentException($"{name} holds {values[at]} at {at}; the model's table has {rows} rows.");
    }

    private static void Times(string name, double[] values, int length)
    {
        Length(name, values.Length, length);
        var at = Array.FindIndex(values, value => !double.IsFinite(value));
        if (at >= 0) throw new ArgumentException($"{name} holds {values[at]} at {at}; times must be finite.");
    }

    private static void Length(string name, int actual, int due)
    {
        if (actual != due) throw new ArgumentException($"{name} has {actual} entries; {due} are due.");
    }
}
